import { hash } from 'node:crypto';

/** How a run that failed is tried again, every default filled in. */
export interface RetryPolicy {
  /** How often in all, the first time included. */
  readonly attempts: number;
  readonly backoff: Backoff;
  /** Names of errors after which it is not tried again; left out: there are none. */
  readonly unless?: readonly string[] | undefined;
}

/** How long to wait before a run is tried again. */
export interface Backoff {
  /** `exponential`: twice as long after each failure. */
  readonly type: 'fixed' | 'exponential';
  /** After the first failure, ms. */
  readonly delay: number;
  /** It does not get longer than this, ms. */
  readonly maxDelay: number;
  /** Which share of it is left to chance, 0 to 1: it is shorter by up to this share. */
  readonly jitter: number;
}

export const DEFAULT_BACKOFF: Backoff = { type: 'exponential', delay: 1_000, maxDelay: 3_600_000, jitter: 0 };

/** A backoff of what was given; the longest delay is never less than the first. */
export function fillBackoff(given: { readonly [K in keyof Backoff]?: Backoff[K] | undefined } = {}): Backoff {
  const { type = DEFAULT_BACKOFF.type, delay = DEFAULT_BACKOFF.delay, jitter = DEFAULT_BACKOFF.jitter } = given;
  return { type, delay, maxDelay: given.maxDelay ?? Math.max(DEFAULT_BACKOFF.maxDelay, delay), jitter };
}

/**
 * How long to wait before an execution is tried again, whole ms. The same in every process that computes it: chance is a hash of the
 * execution and of how often it failed.
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

/** What an error says about trying again. */
export interface Steering {
  /** Its name, and those of its class and of the classes above. */
  readonly names: readonly string[];
  readonly unrecoverable: boolean;
  /** ms; null if it does not say when. */
  readonly retryAt: number | null;
}

/** How often a run is tried that says when by itself, and whose job does not say how often. */
const MAX_ATTEMPTS = 100;

/** When an execution is tried again: after a delay, or at an instant, ms. */
export type NextAttempt = { readonly delayMs: number } | { readonly retryAt: number };

/**
 * Whether, and when, an execution that failed is tried again; null if it is not.
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
