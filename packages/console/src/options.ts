import type { Scheduler, TaskMap, UntypedTasks } from '@carillon/core';
import type { Identity } from './auth/identity.js';

/** Says who asks; `null`: nobody whom it knows, and the answer is 401. What it throws is an answer 500. */
export type Authenticate = (request: Request) => Identity | null | Promise<Identity | null>;

export interface ConsoleOptions<T extends TaskMap<T> = UntypedTasks> {
  /** Whose job stores the console shows. The console does not shut it down. */
  readonly scheduler: Scheduler<T>;
  readonly auth: Authenticate;
  /**
   * What stands before the console's paths where a framework does not take that away, such as `/ops/carillon`. Left out: nothing.
   */
  readonly basePath?: string | undefined;
  /** What fails in a way that no answer may tell; standard output where it is left out. */
  readonly logger?: ConsoleLogger | undefined;
}

/** Such as pino. */
export interface ConsoleLogger {
  error(details: { readonly err: unknown }, message: string): void;
}
