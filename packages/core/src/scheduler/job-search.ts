import { EACH_JOB, matches } from '../job/filter.js';
import type { ReadableJob } from '../job/record.js';
import { decoded } from '../job/unreadable.js';
import type { JobMatch } from '../ports/job-match.js';
import type { UnreadableJob } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';

/** How many jobs one script looks at: it holds up everybody else for some ms. */
const LOOKS = 2_000;
/** How many scripts one page takes at most: it is short where what is looked for is rare. */
const MOST_SCRIPTS = 12;
/** How many jobs are read at once where all that match are meant. */
const AT_ONCE = 500;

interface Page<T> {
  readonly jobs: readonly T[];
  /** null: all jobs were looked at. */
  readonly cursor: string | null;
}

export type FoundPage = Page<ReadableJob>;

/**
 * Finds the jobs of one job store that a filter means. The conditions of a filter cannot be checked of a job whose record cannot be read: a filter
 * with a condition does not mean it, `EACH_JOB` does.
 */
export class JobSearch {
  readonly #store: JobStore;
  readonly #unreadable: (id: string, why: string) => void;

  constructor(store: JobStore, unreadable: (id: string, why: string) => void) {
    this.#store = store;
    this.#unreadable = unreadable;
  }

  /** A page of at most `limit` jobs; it looks at so many jobs at most, and can be short. */
  async page(match: JobMatch, limit: number, cursor: string | null): Promise<FoundPage> {
    const jobs: ReadableJob[] = [];
    let next = cursor;
    for (let scripts = 0; scripts < MOST_SCRIPTS; scripts++) {
      const page = await this.#look(match, limit - jobs.length, next);
      jobs.push(...page.jobs.filter(isReadable));
      next = page.cursor;
      if (next === null || jobs.length >= limit) break;
    }
    return { jobs, cursor: next };
  }

  /** The ids of all of them, a page at a time, each once. */
  async *all(match: JobMatch): AsyncGenerator<readonly string[]> {
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const page: Page<Found> = await this.#look(match, AT_ONCE, cursor);
      const ids = page.jobs.filter((job) => match === EACH_JOB || isReadable(job)).map(({ id }) => id);
      const others = ids.filter((id) => !seen.has(id));
      for (const id of others) seen.add(id);
      if (others.length > 0) yield others;
      cursor = page.cursor;
    } while (cursor !== null);
  }

  async #look(match: JobMatch, limit: number, cursor: string | null): Promise<Page<Found>> {
    const page = await this.#store.records.find({ match, limit, looks: LOOKS, cursor });
    const jobs = page.jobs.map(decoded);
    for (const job of jobs) if (!isReadable(job)) this.#unreadable(job.id, job.why);
    return { jobs: jobs.filter((job) => !isReadable(job) || matches(match, job)), cursor: page.cursor };
  }
}

type Found = ReadableJob | UnreadableJob;

const isReadable = (job: Found): job is ReadableJob => !('why' in job);
