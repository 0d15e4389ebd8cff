import { UnknownJobStoreError } from '@carillon/core';
import type { Caller } from '../auth/identity.js';
import type { Right } from '../auth/rights.js';
import { Refusal } from './problem.js';

/** @throws Refusal */
export function requireRight({ actor, rights }: Caller, right: Right): void {
  if (rights.has(right)) return;
  throw new Refusal('FORBIDDEN', `${JSON.stringify(actor)} lacks the right ${right}: ask somebody who has it`);
}

/**
 * A job store that the caller must not see answers as one that does not exist.
 * @throws UnknownJobStoreError
 */
export function requireStore({ stores }: Caller, store: string): void {
  if (stores === null || stores.has(store)) return;
  throw unknownStore(store);
}

export function unknownStore(store: string): UnknownJobStoreError {
  return new UnknownJobStoreError(store, [], 'is not one of this console: GET v1/stores lists those that there are');
}

/** @throws Refusal where the caller is limited to tags. */
export function requireAllTags({ actor, tags }: Caller): void {
  if (tags === null) return;
  const who = JSON.stringify(actor);
  throw new Refusal('FORBIDDEN', `${who} is limited to the jobs of some tags, and this is about the whole job store`);
}

interface Tagged {
  readonly tags: readonly string[];
}

/** Whether the caller may see a job. A job without tags is seen by those who may see all. */
export function maySee({ tags }: Caller, job: Tagged): boolean {
  return tags === null || job.tags.some((tag) => tags.has(tag));
}

/** Those of these jobs that the caller may see. */
export function limited<T extends Tagged>(caller: Caller, jobs: readonly T[]): readonly T[] {
  return jobs.filter((job) => maySee(caller, job));
}
