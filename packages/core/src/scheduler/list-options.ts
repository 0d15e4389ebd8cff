import { InvalidJobError, InvalidOptionsError } from '../errors.js';
import type { JobFilter } from '../job/filter.js';
import { shown } from '../shown.js';
import type { Job } from './job.js';
import type { StoreChoice } from './store-choice.js';

export interface QuarantineOptions extends StoreChoice {
  /** Only the record of this id. */
  readonly id?: string | undefined;
  /** The most records that are returned, up to 10,000; default: 100. */
  readonly limit?: number | undefined;
}

export interface ListOptions extends StoreChoice {
  /** Which jobs are listed; default: all. */
  readonly filter?: JobFilter | undefined;
  /** The most jobs in the page, up to 10,000; default: 100. */
  readonly limit?: number | undefined;
  /** The `cursor` of the page before. */
  readonly cursor?: string | null | undefined;
}

export interface JobList<T> {
  /** Sorted by next run time, paused jobs last. */
  readonly jobs: readonly Job<T>[];
  /**
   * The cursor of the next page; null if this is the last. With a filter, a page may have fewer jobs than `limit`, or none, although
   * more pages follow.
   */
  readonly cursor: string | null;
}

/** Checks the name of a record in quarantine, which may be any text. @throws InvalidOptionsError */
export function checkRecordId(id: unknown, call: string): void {
  if (typeof id !== 'string') throw new InvalidOptionsError(`${call}: id ${shown(id)} is not a string`);
}

/** Checks that it is a text; only the store can check its content. @throws InvalidJobError */
export function checkCursor(cursor: string | null): string | null {
  if (cursor === null || typeof cursor === 'string') return cursor;
  throw new InvalidJobError(`cursor: ${shown(cursor)} is not one that getJobs gave`);
}

/** @throws InvalidJobError */
export function checkLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw new InvalidJobError(`limit: ${shown(limit)} is not a whole number from 1 to 10000`);
}

/**
 * Returns a period, ms, after a check that its end is not before its beginning. null if it has none.
 * @throws InvalidOptionsError
 */
export function checkOrder<T extends { readonly from: number | null; readonly to: number | null }>(
  call: string,
  period: T,
): T {
  const { from, to } = period;
  if (from === null || to === null || from <= to) return period;
  const [begin, end] = [from, to].map((at) => new Date(at).toISOString());
  throw new InvalidOptionsError(`${call}: to ${end} is before from ${begin}`);
}
