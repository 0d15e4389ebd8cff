import type { Scheduler, TaskMap, UntypedTasks } from '@carillon/core';
import type { z } from '@hono/zod-openapi';
import type { Caller } from '../auth/identity.js';
import type { Right } from '../auth/rights.js';
import type { Streams } from './streams.js';

/** A scheduler of any tasks: requests are checked at run time. */
export type AnyScheduler = Scheduler<UntypedTasks & TaskMap<UntypedTasks>>;

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * What a route is about, and so what the caller's limits are held against. `console`: nothing of a job store. `store`: a list, each of
 * whose objects is checked by itself. `whole store`: what cannot be split by jobs, and is refused where the caller is limited to tags.
 * `job`, `run`: the one that the path names.
 */
type Subject = 'console' | 'store' | 'whole store' | 'job' | 'run';

/** The description of an operation in the API's document. */
export interface Described<Params = unknown, Query = unknown, Body = unknown> {
  readonly method: Method;
  /** The path, with `{names}` as in OpenAPI. */
  readonly path: string;
  /** The name of the operation in programs that are generated from the document. */
  readonly operationId: string;
  readonly summary: string;
  readonly params: z.ZodObject & z.ZodType<Params>;
  readonly query?: (z.ZodObject & z.ZodType<Query>) | undefined;
  readonly body?: z.ZodType<Body> | undefined;
  /** The names of the headers that it reads. */
  readonly headers?: readonly ('If-Match' | 'Idempotency-Key')[] | undefined;
  /** The response for each status of success. */
  readonly answers: Readonly<Record<number, AnswerDoc>>;
}

/** An operation of the API. */
export interface Route<Params = unknown, Query = unknown, Body = unknown> extends Described<Params, Query, Body> {
  readonly right: Right;
  readonly subject: Subject;
  handle(call: Call<Params, Query, Body>): Promise<Answer | Response>;
}

/** The description of a successful response in the API's document. */
export interface AnswerDoc {
  readonly description: string;
  /** The schema of the body; left out if there is no body. */
  readonly schema?: z.ZodType | undefined;
  /** The media type; default: JSON. */
  readonly mediaType?: string | undefined;
}

/** A checked request of a caller that has the right to make it. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** A scheduler that records the caller, and the reason in the body, with each change. */
  readonly scheduler: AnyScheduler;
  readonly request: Request;
  readonly streams: Streams;
}

export interface Answer {
  /** The status; default: 200. */
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
