import { InvalidJobError, InvalidOptionsError } from '../errors.js';
import type { JobFilter } from '../job/filter.js';
import { shown } from '../shown.js';
import type { Job } from './job.js';
import type { StoreChoice } from './store-choice.js';

export interface QuarantineOptions extends StoreChoice {
  /** Only the record of this id. */
  readonly id?: string | undefined;
  /** How many records at most, up to 10,000; default: 100. */
  readonly limit?: number | undefined;
}

export interface ListOptions extends StoreChoice {
  /** Which jobs are listed; left out: all. */
  readonly filter?: JobFilter | undefined;
  /** How many jobs at most, up to 10,000; default: 100. */
  readonly limit?: number | undefined;
  /** From the page before. */
  readonly cursor?: string | null | undefined;
}

export interface JobList<T> {
  /** By next run time, paused ones last. */
  readonly jobs: readonly Job<T>[];
  /**
   * Where the next page begins; null if there is none. With a filter, a page may have fewer jobs than were asked for, or none, and
   * others follow.
   */
  readonly cursor: string | null;
}

/** The name of a record in quarantine, which may be that of anything. @throws InvalidOptionsError */
export function checkRecordId(id: unknown, call: string): void {
  if (typeof id !== 'string') throw new InvalidOptionsError(`${call}: id ${shown(id)} is not a string`);
}

/** What is in it is for the store to say. @throws InvalidJobError */
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
 * A period, ms, whose end is not before its begin. null if it has none.
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
