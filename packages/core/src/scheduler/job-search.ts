import { InvalidJobError } from '../errors.js';
import type { JobIndex } from '../finding/job-index.js';
import { cursorAfter, isOfIndex, type ListPosition, positionOfCursor, positionsOf } from '../finding/list-positions.js';
import { EACH_JOB, matches } from '../job/filter.js';
import { isFault } from '../job/record.js';
import type { JobMatch } from '../ports/job-match.js';
import type { JobFault, StoredJob } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';
import { type JobState, stateOf } from './job-state.js';

/** How many jobs one script looks at: it holds up all other calls for some ms. */
const LOOKS = 2_000;
/** How many scripts one page takes at most: it is short where what is looked for is rare. */
const MOST_SCRIPTS = 12;
/** How many jobs one page looks at. Where an index finds more, the page is full before it has looked at them. */
export const LOOKS_OF_PAGE = LOOKS * MOST_SCRIPTS;
/** How many jobs are read at once where all that match are meant. */
const AT_ONCE = 500;

interface Page<T> {
  readonly jobs: readonly T[];
  /** null if all jobs were looked at. */
  readonly cursor: string | null;
}

export type FoundPage = Page<JobState>;

export interface JobSearchParts {
  readonly store: JobStore;
  readonly index: JobIndex;
  readonly notRead: (fault: JobFault) => void;
}

/**
 * Finds the jobs of one job store that a filter matches. The conditions of a filter cannot be checked of a job whose record cannot be read:
 * a filter with a condition does not match it, `EACH_JOB` does.
 */
export class JobSearch {
  readonly #store: JobStore;
  readonly #index: JobIndex;
  readonly #notRead: (fault: JobFault) => void;

  constructor({ store, index, notRead }: JobSearchParts) {
    this.#store = store;
    this.#index = index;
    this.#notRead = notRead;
  }

  /** A page of at most `limit` jobs. Without an index, the search looks at a bounded number of jobs, and the page can be short. */
  async page(match: JobMatch, limit: number, cursor: string | null): Promise<FoundPage> {
    const after = isOfIndex(cursor) ? positionOfCursor(cursor) : null;
    if (after) await this.#index.prepare();
    const most = after ? Number.POSITIVE_INFINITY : LOOKS_OF_PAGE;
    const ids = cursor === null || after ? await this.#index.idsOf(match, most) : null;
    if (ids) return this.#indexed([...ids], match, limit, after);
    if (!after) return this.#scanned(match, limit, cursor);
    throw new InvalidJobError(`cursor: ${JSON.stringify(cursor)} is of another filter: begin without a cursor`);
  }

  async #scanned(match: JobMatch, limit: number, cursor: string | null): Promise<FoundPage> {
    const jobs: JobState[] = [];
    let next = cursor;
    for (let scripts = 0; scripts < MOST_SCRIPTS; scripts++) {
      const page = await this.#look(match, limit - jobs.length, next);
      for (const job of page.jobs) if (!isFault(job)) jobs.push(job);
      next = page.cursor;
      if (next === null || jobs.length >= limit) break;
    }
    return { jobs, cursor: next };
  }

  /** Of what an index found, what matches as it is now. */
  async #indexed(
    ids: readonly string[],
    match: JobMatch,
    limit: number,
    after: ListPosition | null,
  ): Promise<FoundPage> {
    const places = await positionsOf(this.#store.records, ids, match, after);
    const jobs: JobState[] = [];
    const atOnce = Math.min(limit, AT_ONCE);
    for (let from = 0; from < places.length; from += atOnce) {
      const part = places.slice(from, from + atOnce);
      const ids = part.map(({ id }) => id);
      const read = await this.#read(ids, match);
      for (const [at, place] of part.entries()) {
        const job = read[at];
        if (job) jobs.push(job);
        const isLast = from + at + 1 === places.length;
        if (jobs.length === limit && !isLast) return { jobs, cursor: cursorAfter(place) };
      }
    }
    return { jobs, cursor: null };
  }

  /** How many there are. */
  async count(match: JobMatch): Promise<number> {
    const found = await this.#index.idsOf(match, LOOKS_OF_PAGE);
    return found ? this.#countAmong([...found], match) : this.#countAll(match);
  }

  async #countAmong(ids: readonly string[], match: JobMatch): Promise<number> {
    let count = 0;
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const jobs = await this.#read(ids.slice(from, from + AT_ONCE), match);
      count += jobs.filter((job) => job !== null).length;
    }
    return count;
  }

  async #countAll(match: JobMatch): Promise<number> {
    let count = 0;
    for await (const page of this.all(match)) count += page.length;
    return count;
  }

  /** The ids of all of them, a page at a time, each once. */
  async *all(match: JobMatch): AsyncGenerator<readonly string[]> {
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const page: Page<Found> = await this.#look(match, AT_ONCE, cursor);
      const ids = page.jobs.filter((job) => match === EACH_JOB || !isFault(job)).map(({ id }) => id);
      const others = ids.filter((id) => !seen.has(id));
      for (const id of others) seen.add(id);
      if (others.length > 0) yield others;
      cursor = page.cursor;
    } while (cursor !== null);
  }

  async #look(match: JobMatch, limit: number, cursor: string | null): Promise<Page<Found>> {
    const page = await this.#store.records.find({ match, limit, looks: LOOKS, cursor });
    return {
      jobs: this.#states(page.jobs).filter((job) => isFault(job) || matches(match, job, job.definition)),
      cursor: page.cursor,
    };
  }

  /** null if it does not match, or cannot be read, or is gone. */
  async #read(ids: readonly string[], match: JobMatch): Promise<readonly (JobState | null)[]> {
    const { jobs } = await this.#store.records.read(ids);
    return jobs.map((stored) => {
      const [job] = stored ? this.#states([stored]) : [];
      return job && !isFault(job) && matches(match, job, job.definition) ? job : null;
    });
  }

  #states(stored: readonly (StoredJob | JobFault)[]): readonly Found[] {
    const jobs = stored.map((one) => stateOf(this.#store.alias, one));
    for (const job of jobs) if (isFault(job)) this.#notRead(job);
    return jobs;
  }
}

type Found = JobState | JobFault;
