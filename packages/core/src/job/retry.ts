import { hash } from 'node:crypto';

/** How a failed run is retried, with every default filled in. */
export interface RetryPolicy {
  /** The total number of attempts, the first one included. */
  readonly attempts: number;
  readonly backoff: Backoff;
  /** Names of errors after which it is not retried; left out if there are none. */
  readonly unless?: readonly string[] | undefined;
}

/** How long to wait before the next attempt. */
export interface Backoff {
  /** `exponential` doubles the delay after each failure. */
  readonly type: 'fixed' | 'exponential';
  /** The delay after the first failure, ms. */
  readonly delay: number;
  /** The longest delay, ms. */
  readonly maxDelay: number;
  /** The share of the delay, 0 to 1, by which it may be shortened at random. */
  readonly jitter: number;
}

export const DEFAULT_BACKOFF: Backoff = { type: 'exponential', delay: 1_000, maxDelay: 3_600_000, jitter: 0 };

/** A backoff of what was given; the longest delay is never less than the first. */
export function fillBackoff(given: { readonly [K in keyof Backoff]?: Backoff[K] | undefined } = {}): Backoff {
  const { type = DEFAULT_BACKOFF.type, delay = DEFAULT_BACKOFF.delay, jitter = DEFAULT_BACKOFF.jitter } = given;
  return { type, delay, maxDelay: given.maxDelay ?? Math.max(DEFAULT_BACKOFF.maxDelay, delay), jitter };
}

/**
 * Returns how long to wait before the next attempt, whole ms. Every process computes the same: the random part is a hash of the
 * execution and of its number of failures.
 * @param tries how often it failed, the last time included: 1 after the first attempt.
 */
export function retryDelayMs({ backoff }: RetryPolicy, tries: number, executionId: string): number {
  const { type, delay, maxDelay, jitter } = backoff;
  const full = Math.min(type === 'fixed' ? delay : delay * 2 ** (tries - 1), maxDelay);
  return Math.round(full * (1 - jitter * shareOf(`${executionId} ${tries}`)));
}

/** From 0 up to 1. */
function shareOf(seed: string): number {
  return hash('sha256', seed, 'buffer').readUInt32BE() / 2 ** 32;
}

/** What an error says about retrying. */
export interface Steering {
  /** The names of the error, of its class and of the classes above it. */
  readonly names: readonly string[];
  readonly unrecoverable: boolean;
  /** ms; null if it does not say when. */
  readonly retryAt: number | null;
}

/** The attempts of a run whose error sets `retryAt` and whose job has no `retry`. */
const MAX_ATTEMPTS = 100;

/** When an execution is retried: after a delay, or at an instant, ms. */
export type NextAttempt = { readonly delayMs: number } | { readonly retryAt: number };

/**
 * Returns when a failed execution is retried; null if it is not.
 * @param failures how often it failed, the last time included.
 */
export function nextAttempt(
  retry: RetryPolicy | undefined,
  { names, unrecoverable, retryAt }: Steering,
  failures: number,
  executionId: string,
): NextAttempt | null {
  if (unrecoverable || retry?.unless?.some((name) => names.includes(name))) return null;
  if (failures >= (retry?.attempts ?? (retryAt === null ? 1 : MAX_ATTEMPTS))) return null;
  if (retryAt !== null) return { retryAt };
  return retry ? { delayMs: retryDelayMs(retry, failures, executionId) } : null;
}
