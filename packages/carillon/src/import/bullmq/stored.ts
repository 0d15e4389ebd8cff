import { CarillonError } from '@carillon/core';
import type { Entry } from '../entry.js';

export type Members = Readonly<Record<string, unknown>>;

/** @throws RangeError if it is not a JSON object, SyntaxError if it is not JSON */
export function objectOf(json: string | undefined): Members {
  const value: unknown = JSON.parse(json ?? '{}');
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new RangeError(`opts ${json} is not a JSON object`);
}

/** The name of a job that BullMQ stores. Bull stores another one for jobs without a name: their queue has one processor for them. */
export function nameIn(queue: string, stored: string | undefined): string {
  return stored === undefined || stored === '__default__' ? queue : stored;
}

/** What an entry becomes, or why it cannot be carried over. */
export function orWhy(from: string, convert: () => Entry): Entry {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError || error instanceof CarillonError)) throw error;
    return { from, why: error.message };
  }
}
