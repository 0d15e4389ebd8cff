import { JobNotFoundError, RunNotFoundError } from '@carillon/core';
import type { z } from '@hono/zod-openapi';
import type { Caller } from '../auth/identity.js';
import { jsonBody } from '../http/body.js';
import { requireOwnWrite } from '../http/origin.js';
import { maySee, requireAllTags, requireRight, requireStore } from './limits.js';
import { Refusal } from './problem.js';
import type { Answer, AnyScheduler, Route } from './route.js';
import type { SealedCursors } from './sealed-cursors.js';
import type { Streams } from './streams.js';

export interface Served {
  readonly scheduler: AnyScheduler;
  readonly streams: Streams;
  readonly cursors: SealedCursors;
  /** @throws Refusal */
  readonly callerOf: (request: Request) => Promise<Caller>;
}

/** Handles a request by a route: it checks the caller, the origin of a write, the rights and the form, then runs the operation. */
export async function serve(
  route: Route,
  request: Request,
  pathParams: Readonly<Record<string, string>>,
  { scheduler, callerOf, streams, cursors }: Served,
): Promise<Response> {
  const caller = await callerOf(request);
  if (route.method !== 'get') requireOwnWrite(request);
  requireRight(caller, route.right);
  const params = parsed(route.params, idsOf(pathParams), 'path');
  await requireSubject(route, params as Named, caller, scheduler);
  const asked = route.query && parsed(route.query, Object.fromEntries(new URL(request.url).searchParams), 'query');
  const query = caller.tags === null ? asked : cursors.opened(asked);
  const body = route.body && parsed(route.body, await jsonBody(request), 'body');
  const { reason } = (body ?? {}) as { readonly reason?: string };
  const { actor } = caller;
  const call = { params, query, body, caller, request, streams, scheduler: scheduler.as({ actor, reason }) };
  const answer = await route.handle(call);
  if (!(answer instanceof Response)) return responseOf(caller.tags === null ? answer : cursors.sealed(answer));
  // No client reads the body of a response to HEAD: an event stream would stay open.
  if (request.method === 'HEAD') await answer.body?.cancel();
  return answer;
}

/** The ids that a path names. */
interface Named {
  readonly store?: string;
  readonly job?: string;
  readonly run?: string;
}

/** A URL has no parts `.` and `..`, encoded or not: an id that begins with a dot or with `~` may have one more `~` before it. */
function idsOf(params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).map(([name, id]) => [name, /^~[.~]/.test(id) ? id.slice(1) : id]));
}

/**
 * Treats a subject outside the caller's limits as one that does not exist.
 * @throws UnknownJobStoreError, JobNotFoundError, RunNotFoundError, Refusal
 */
async function requireSubject(route: Route, named: Named, caller: Caller, scheduler: AnyScheduler): Promise<void> {
  const { store: jobStore = '', job = '', run = '' } = named;
  if (route.subject === 'console') return;
  requireStore(caller, jobStore);
  if (caller.tags === null) return;
  if (route.subject === 'whole store') requireAllTags(caller);
  if (route.subject === 'job' && !(await seesJob(job, jobStore, caller, scheduler))) {
    throw new JobNotFoundError(job, jobStore);
  }
  if (route.subject === 'run') {
    const { jobId = null } = (await scheduler.getRun(run, { jobStore })) ?? {};
    const sees = jobId !== null && (await seesJob(jobId, jobStore, caller, scheduler));
    if (!sees) throw new RunNotFoundError(run, jobStore);
  }
}

async function seesJob(id: string, jobStore: string, caller: Caller, scheduler: AnyScheduler): Promise<boolean> {
  const job = await scheduler.getJob(id, { jobStore });
  return job !== undefined && maySee(caller, job);
}

function parsed(schema: z.ZodType, value: unknown, part: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const why = result.error.issues.map(({ path, message }) => `${[part, ...path].join('.')}: ${message}`);
  throw new Refusal('BAD_REQUEST', why.join('; ').slice(0, 2_000));
}

function responseOf({ status = 200, body, headers = {} }: Answer): Response {
  if (body === undefined) return new Response(null, { status: 204, headers });
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}
