import type { JobMatch } from '../job-match.js';

/** A job as it is stored; `json` is opaque to the store. */
export interface StoredJob {
  readonly id: string;
  /** Changes with every change of the job but a claim. */
  readonly rev: number;
  /** The `rev` at which the job was created, or its trigger or next run time last set by anything but a claim. */
  readonly generation: number;
  /** Digest of its trigger. */
  readonly digest: string;
  readonly json: string;
  /** The next fire; null while the job is paused. */
  readonly pending: Pending | null;
  /** The outcome of its last execution as text (`job/last-run.ts`), if any. */
  readonly last: string | null;
}

/** A fire that is to come. */
export interface Pending {
  /** The fire time that the trigger names, ms. */
  readonly fireTime: number;
  /** When it is due: the fire time and its jitter, ms. */
  readonly dueAt: number;
}

/** Why a job cannot be read, planned or claimed. `pending` is what its schedule has, whether or not that is an instant. */
export interface JobFault {
  readonly id: string;
  /** null if its header cannot be read, or it has no record. */
  readonly rev: number | null;
  readonly why: string;
  readonly pending: Pending | null;
  /** A newer release wrote it. */
  readonly newer?: true;
}

export interface JobReading {
  readonly now: number;
  /** In the order of the ids asked for. */
  readonly jobs: readonly (StoredJob | JobFault | null)[];
  /** The trigger's digest, where a finished job left a tombstone. */
  readonly tombstones: readonly (string | null)[];
}

export interface JobPage {
  readonly now: number;
  readonly jobs: readonly (StoredJob | JobFault)[];
  /** Where the next page begins; null if this was the last. */
  readonly cursor: string | null;
}

export interface FindParams {
  readonly match: JobMatch;
  /** How many jobs at most. */
  readonly limit: number;
  /** How many jobs are looked at, at most. */
  readonly looks: number;
  /** From a page of `list` or `find`. */
  readonly cursor: string | null;
}

export interface EveryJobParams {
  readonly cursor: string;
  /** About how many jobs. */
  readonly limit: number;
}

export interface EveryJobPage {
  /** What is stored of each, without when it is due and how it ended last. */
  readonly jobs: readonly (StoredJob | JobFault)[];
  readonly cursor: string;
}
