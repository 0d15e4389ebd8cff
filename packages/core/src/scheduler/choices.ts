import type { Job } from './job.js';

/** Which job store a call means; `'default'` where it is left out. */
export interface StoreChoice {
  readonly jobStore?: string | undefined;
}

export interface EnqueueOptions extends StoreChoice {
  /** Alias of the queue that workers serve; that of `jobDefaults`, else `'default'`, where it is left out. */
  readonly executor?: string | undefined;
}

export interface ListOptions extends StoreChoice {
  /** How many jobs at most, up to 10,000; 100 where it is left out. */
  readonly limit?: number | undefined;
  /** From the page before. */
  readonly cursor?: string | null | undefined;
}

export interface JobList<T> {
  /** By next run time, paused ones last. */
  readonly jobs: readonly Job<T>[];
  /** Where the next page begins; null: there is none. */
  readonly cursor: string | null;
}
