import { UnknownJobStoreError, UnreadableJobError } from '@carillon/core';
import type { Caller } from '../auth/identity.js';
import type { Right } from '../auth/rights.js';
import { Refusal } from './problem.js';
import type { AnyScheduler } from './route.js';

/** @throws Refusal */
export function requireRight({ actor, rights }: Caller, right: Right): void {
  if (rights.has(right)) return;
  throw new Refusal('FORBIDDEN', `${JSON.stringify(actor)} lacks the right ${right}: ask a user that has it`);
}

/**
 * A job store that the caller must not see is treated as one that does not exist.
 * @throws UnknownJobStoreError
 */
export function requireStore({ stores }: Caller, store: string): void {
  if (stores === null || stores.has(store)) return;
  throw unknownStore(store);
}

function unknownStore(store: string): UnknownJobStoreError {
  return new UnknownJobStoreError(store, [], 'is not one of this console: GET v1/stores lists those that there are');
}

/** @throws Refusal where the caller is limited to tags. */
export function requireAllTags({ actor, tags }: Caller): void {
  if (tags === null) return;
  const who = JSON.stringify(actor);
  throw new Refusal(
    'FORBIDDEN',
    `${who} is limited to jobs with some tags, and this request concerns the whole job store`,
  );
}

interface Tagged {
  readonly tags: readonly string[];
}

/** Whether the caller may see a job. A job without tags is seen by those who may see all. */
export function maySee({ tags }: Caller, job: Tagged): boolean {
  return tags === null || job.tags.some((tag) => tags.has(tag));
}

/** Returns the jobs that the caller may see. */
export function limited<T extends Tagged>(caller: Caller, jobs: readonly T[]): readonly T[] {
  return jobs.filter((job) => maySee(caller, job));
}

/**
 * A caller who is limited to tags writes jobs that it may see, and puts them among no others.
 * @throws Refusal
 */
export function requireOwnTags({ actor, tags }: Caller, given: readonly string[]): void {
  if (tags === null || (given.length > 0 && given.every((tag) => tags.has(tag)))) return;
  const who = JSON.stringify(actor);
  throw new Refusal(
    'FORBIDDEN',
    `${who} is limited to the tags ${[...tags].join(', ')}: give the job some of these alone`,
  );
}

/** The jobs of a job store that a caller may see, each looked up once. */
export class SeenJobs {
  readonly #caller: Caller;
  readonly #scheduler: Pick<AnyScheduler, 'getJob'>;
  readonly #jobStore: string;
  readonly #seen = new Map<string, boolean>();

  constructor(caller: Caller, scheduler: Pick<AnyScheduler, 'getJob'>, jobStore: string) {
    this.#caller = caller;
    this.#scheduler = scheduler;
    this.#jobStore = jobStore;
  }

  /** Those that are of jobs that the caller may see; what is of no job is seen by those who may see all. */
  async of<T extends object>(some: readonly T[]): Promise<readonly T[]> {
    if (this.#caller.tags === null) return some;
    const found: T[] = [];
    for (const one of some) if (await this.#sees(one)) found.push(one);
    return found;
  }

  async #sees({ jobId }: { readonly jobId?: string | null }): Promise<boolean> {
    if (typeof jobId !== 'string') return false;
    const known = this.#seen.get(jobId);
    if (known !== undefined) return known;
    const job = await this.#scheduler.getJob(jobId, { jobStore: this.#jobStore }).catch(notReadable);
    const seen = job !== undefined && maySee(this.#caller, job);
    this.#seen.set(jobId, seen);
    return seen;
  }
}

function notReadable(error: unknown): undefined {
  if (error instanceof UnreadableJobError) return undefined;
  throw error;
}
