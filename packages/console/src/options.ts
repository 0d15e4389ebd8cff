import type { Scheduler, TaskMap, UntypedTasks } from '@carillon/core';
import type { Identity } from './auth/identity.js';
import type { TokenRecord } from './auth/tokens.js';

/**
 * Identifies the caller of a request. It returns `null` for an unknown caller: the response is 401. If it throws, the response is 500.
 */
export type Authenticate = (request: Request) => Identity | null | Promise<Identity | null>;

export interface ConsoleOptions<T extends TaskMap<T> = UntypedTasks> {
  /** The scheduler whose job stores the console shows. The console does not shut it down. */
  readonly scheduler: Scheduler<T>;
  /**
   * How callers are identified: by a function of the request, or by tokens. Callers send a token as `Authorization: Bearer …`, or log
   * in with it at the page; the console then keeps a session in memory, for up to 12 hours.
   */
  readonly auth: Authenticate | { readonly tokens: readonly TokenRecord[] };
  /** The prefix of the console's paths, such as `/ops/carillon`, if a framework does not remove it; default: none. */
  readonly basePath?: string | undefined;
  /** The logger of failures that responses may not show; default: standard output. */
  readonly logger?: ConsoleLogger | undefined;
}

/** Facts about a request that only the listener knows. */
export interface RequestOrigin {
  /** The address of the client: failed attempts are counted by address. */
  readonly address?: string | undefined;
}

/** A logger, such as pino. */
export interface ConsoleLogger {
  error(details: { readonly err: unknown }, message: string): void;
}
