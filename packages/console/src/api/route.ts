import type { Scheduler, TaskMap, UntypedTasks } from '@carillon/core';
import type { z } from '@hono/zod-openapi';
import type { Caller } from '../auth/identity.js';
import type { Right } from '../auth/rights.js';
import type { Streams } from './streams.js';

/** The scheduler, whatever the types of its tasks are: what comes over HTTP is checked at run time. */
export type AnyScheduler = Scheduler<UntypedTasks & TaskMap<UntypedTasks>>;

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * What a route is about, and so what the caller's limits are held against. `console`: nothing of a job store. `store`: a list, each of
 * whose objects is checked by itself. `whole store`: what cannot be split by jobs, and is refused where the caller is limited to tags.
 * `job`, `run`: the one that the path names.
 */
type Subject = 'console' | 'store' | 'whole store' | 'job' | 'run';

/** What the API's document says of one thing that the API does. */
export interface Described<Params = unknown, Query = unknown, Body = unknown> {
  readonly method: Method;
  /** With `{names}`, as OpenAPI has it. */
  readonly path: string;
  /** For programs that are generated from the document. */
  readonly operationId: string;
  readonly summary: string;
  readonly params: z.ZodObject & z.ZodType<Params>;
  readonly query?: (z.ZodObject & z.ZodType<Query>) | undefined;
  readonly body?: z.ZodType<Body> | undefined;
  /** Names of headers that it reads. */
  readonly headers?: readonly ('If-Match' | 'Idempotency-Key')[] | undefined;
  /** Of each status of success, what the answer is. */
  readonly answers: Readonly<Record<number, AnswerDoc>>;
}

/** One thing that the API does. */
export interface Route<Params = unknown, Query = unknown, Body = unknown> extends Described<Params, Query, Body> {
  readonly right: Right;
  readonly subject: Subject;
  handle(call: Call<Params, Query, Body>): Promise<Answer | Response>;
}

/** What the API's document says of an answer of success. */
export interface AnswerDoc {
  readonly description: string;
  /** Left out: no body. */
  readonly schema?: z.ZodType | undefined;
  /** JSON where it is left out. */
  readonly mediaType?: string | undefined;
}

/** A request whose form was checked, of a caller who may make it. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** Its changes name the caller, and the reason of the body. */
  readonly scheduler: AnyScheduler;
  readonly request: Request;
  readonly streams: Streams;
}

export interface Answer {
  /** 200 where it is left out. */
  readonly status?: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A route, with the types of its schemas inferred. */
export function route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  one: Omit<Route, 'params' | 'query' | 'body' | 'handle'> & {
    readonly params: P;
    readonly query?: Q;
    readonly body?: B;
    handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer | Response>;
  },
): Route {
  return one as unknown as Route;
}
