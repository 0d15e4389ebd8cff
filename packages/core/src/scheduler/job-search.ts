import { matches } from '../job/filter.js';
import type { ReadableJob } from '../job/record.js';
import { decoded } from '../job/unreadable.js';
import type { JobMatch } from '../ports/job-match.js';
import type { JobStore } from '../ports/job-store.js';

/** How many jobs one script looks at: it holds up everybody else for some ms. */
const LOOKS = 2_000;
/** How many scripts one page takes at most: it is short where what is looked for is rare. */
const MOST_SCRIPTS = 12;
/** How many jobs are read at once where all that match are meant. */
const AT_ONCE = 500;

export interface FoundPage {
  readonly jobs: readonly ReadableJob[];
  /** null: all jobs were looked at. */
  readonly cursor: string | null;
}

/** Finds the jobs of one job store that a filter means. */
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
      jobs.push(...page.jobs);
      next = page.cursor;
      if (next === null || jobs.length >= limit) break;
    }
    return { jobs, cursor: next };
  }

  /** All of them, a page at a time, each once. */
  async *all(match: JobMatch): AsyncGenerator<readonly ReadableJob[]> {
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const page: FoundPage = await this.#look(match, AT_ONCE, cursor);
      const jobs = page.jobs.filter(({ id }) => !seen.has(id));
      for (const { id } of jobs) seen.add(id);
      if (jobs.length > 0) yield jobs;
      cursor = page.cursor;
    } while (cursor !== null);
  }

  async #look(match: JobMatch, limit: number, cursor: string | null): Promise<FoundPage> {
    const page = await this.#store.records.find({ match, limit, looks: LOOKS, cursor });
    const jobs: ReadableJob[] = [];
    for (const stored of page.jobs) {
      const job = decoded(stored);
      if ('why' in job) this.#unreadable(job.id, job.why);
      else if (matches(match, job)) jobs.push(job);
    }
    return { jobs, cursor: page.cursor };
  }
}
