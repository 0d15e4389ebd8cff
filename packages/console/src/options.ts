import type { Scheduler, TaskMap, UntypedTasks } from '@carillon/core';
import type { Identity } from './auth/identity.js';
import type { TokenRecord } from './auth/tokens.js';

/** Names the caller; `null` if it knows none, and the answer is 401. What it throws is an answer 500. */
export type Authenticate = (request: Request) => Identity | null | Promise<Identity | null>;

export interface ConsoleOptions<T extends TaskMap<T> = UntypedTasks> {
  /** Whose job stores the console shows. The console does not shut it down. */
  readonly scheduler: Scheduler<T>;
  /**
   * Identifies the caller: a function of the request; or tokens, which callers send as `Authorization: Bearer …`, or log in with at the
   * page: then the console keeps sessions, in memory and for 12 hours at most.
   */
  readonly auth: Authenticate | { readonly tokens: readonly TokenRecord[] };
  /**
   * What stands before the console's paths where a framework does not take that away, such as `/ops/carillon`. Left out: nothing.
   */
  readonly basePath?: string | undefined;
  /** What fails in a way that no answer may show; default: standard output. */
  readonly logger?: ConsoleLogger | undefined;
}

/** What only the one who listens knows of a request. */
export interface RequestOrigin {
  /** The address that the request comes from: attempts that fail are counted for each. */
  readonly address?: string | undefined;
}

/** Such as pino. */
export interface ConsoleLogger {
  error(details: { readonly err: unknown }, message: string): void;
}
