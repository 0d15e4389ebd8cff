import type { StoreFormat } from '../format.js';

/** A job store as a whole, as the store reports it. Times are ms of the store's clock. */
export interface StoreLook {
  readonly now: number;
  readonly format: StoreFormat;
  /** The formats that members read. A member is `coordinator` or `worker`, a blank, and its id; null if not known. */
  readonly readers: readonly { readonly member: string; readonly reads: number | null }[];
  /** Until when the leader's lock is held; null if no coordinator leads. */
  readonly ledUntil: number | null;
  /** Of the last term; null if there was none yet. */
  readonly epoch: number | null;
  /** Whether all firing is stopped. */
  readonly paused: boolean;
  readonly counts: StoreCounts;
  /** When the first fire is due; null if none is to come. */
  readonly nextDueAt: number | null;
  /** When the first run in the outbox is to be delivered; null if the outbox is empty. */
  readonly outboxAt: number | null;
  readonly workers: readonly { readonly workerId: string; readonly heardAt: number; readonly json: string | null }[];
  /** Some of the runs that are owed, started runs first. */
  readonly runs: readonly LookedRun[];
  /** The executors of these runs that have limits. */
  readonly queues: readonly LookedQueue[];
  /** Some of the records in quarantine; `json` has the reason, and the instant. */
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
  /** When its first unsettled fire time was due. */
  readonly dueAt: number | null;
  /** How often that fire time was started. */
  readonly starts: number | null;
  readonly maxInstances: number | null;
}

/** How much of the limits of an executor is in use in this job store. */
export interface LookedQueue {
  readonly executor: string;
  /** null means no limit. */
  readonly globalConcurrency: number | null;
  /** Deliveries that workers have. */
  readonly taken: number;
  /** null means no limit. */
  readonly rateLimit: { readonly max: number; readonly durationMs: number } | null;
  /** How many ms until the rate limit lets a run pass; 0 if it lets one pass now. */
  readonly limitedForMs: number;
}

/** How many jobs and runs a job store has, by state. */
export interface StoreCounts {
  readonly jobs: number;
  /** Jobs that are not paused. */
  readonly schedule: number;
  /** Runs that are owed, and are not delivered yet. */
  readonly outbox: number;
  /** Runs that are owed. */
  readonly runs: number;
  /** Runs that were started and not settled. */
  readonly leases: number;
  readonly quarantine: number;
}

export interface LookParams {
  /** The most runs that are listed. */
  readonly runs: number;
  readonly quarantined: number;
}
