import type { StoreFormat } from '../format.js';

/** A job store as a whole, as the store reports it. Times are ms of the store's clock. */
export interface StoreLook {
  readonly now: number;
  readonly format: StoreFormat;
  /** What members read: each `coordinator` or `worker`, a blank, and its id; null if not known. */
  readonly readers: readonly { readonly member: string; readonly reads: number | null }[];
  /** Until when the leader's lock is held; null if no coordinator leads. */
  readonly ledUntil: number | null;
  /** Of the last term; null if there was none yet. */
  readonly epoch: number | null;
  /** All firing is stopped. */
  readonly paused: boolean;
  readonly counts: StoreCounts;
  /** When the first fire is due; null if none is to come. */
  readonly nextDueAt: number | null;
  /** When the first run in the outbox is to be delivered; null if the outbox is empty. */
  readonly outboxAt: number | null;
  readonly workers: readonly { readonly workerId: string; readonly heardAt: number; readonly json: string | null }[];
  /** Some of the runs that are owed, those that were started first. */
  readonly runs: readonly LookedRun[];
  /** Of the executors of these runs, those that have limits. */
  readonly queues: readonly LookedQueue[];
  /** Some of the records in quarantine; `json` holds why, and when they got there. */
  readonly quarantined: readonly { readonly id: string; readonly json: string }[];
}

export interface LookedRun {
  readonly runId: string;
  /** null for a run without a job, or if its record cannot be read. */
  readonly jobId: string | null;
  /** null if its record cannot be read. */
  readonly task: string | null;
  /** '' where the record cannot be read. */
  readonly executor: string;
  /** `waiting`: for an instance. `scheduled`: for when it is due. `undelivered`: in the outbox, and due. `queued`: for a worker. null, as what follows: it cannot be read. */
  readonly state: 'waiting' | 'scheduled' | 'undelivered' | 'queued' | 'running' | 'retrying' | null;
  /** When the first of its fire times that are not settled was due. */
  readonly dueAt: number | null;
  /** How often that one was started. */
  readonly starts: number | null;
  readonly maxInstances: number | null;
}

/** How far the limits of an executor are used up in this job store. */
export interface LookedQueue {
  readonly executor: string;
  /** null means no limit. */
  readonly globalConcurrency: number | null;
  /** Deliveries that workers have. */
  readonly taken: number;
  /** null means no limit. */
  readonly rateLimit: { readonly max: number; readonly durationMs: number } | null;
  /** For how many more ms the rate limit lets none pass; 0: it lets one pass. */
  readonly limitedForMs: number;
}

/** How many entries there are. */
export interface StoreCounts {
  readonly jobs: number;
  /** Jobs that are not paused. */
  readonly schedule: number;
  /** Runs that are owed and not delivered yet. */
  readonly outbox: number;
  /** Runs that are owed. */
  readonly runs: number;
  /** Runs that were started and not settled. */
  readonly leases: number;
  readonly quarantine: number;
}

export interface LookParams {
  /** How many at most. */
  readonly runs: number;
  readonly quarantined: number;
}
