import type { StoreCounts } from './store-look.js';

/** What metrics need of a job store, at one instant. Times are ms of the store's clock. */
export interface StoreMeasure {
  readonly now: number;
  /** A coordinator holds the leader's lock. */
  readonly isLed: boolean;
  /** Of the last term; null if there was none yet. */
  readonly epoch: number | null;
  readonly paused: boolean;
  readonly counts: MeasuredCounts;
  /** When the first fire is due; null if none is to come. */
  readonly nextDueAt: number | null;
  /** When the first run in the outbox is to be delivered; null if the outbox is empty. */
  readonly outboxAt: number | null;
  /** How many events of each type were published since the job store was born. */
  readonly events: readonly { readonly type: string; readonly count: number }[];
  /** Those that contend and are taken for alive. */
  readonly coordinators: readonly { readonly coordinatorId: string; readonly leads: boolean }[];
  readonly workers: readonly { readonly workerId: string; readonly heardAt: number; readonly json: string | null }[];
  readonly executors: readonly MeasuredExecutor[];
  /** How many jobs ask for metrics of their own. */
  readonly metered: number;
  /** Those of them that asked first. */
  readonly jobs: readonly MeasuredJob[];
}

export interface MeasuredCounts extends StoreCounts {
  /** Runs that wait for an instance of their job. */
  readonly waiting: number;
}

/** The queue of an executor. Executors that workers serve are all there, others as far as a few runs name them. */
export interface MeasuredExecutor {
  readonly executor: string;
  /** Deliveries that wait for a worker. */
  readonly waiting: number;
  /** Deliveries that workers have. */
  readonly taken: number;
  /** When the oldest that waits was queued, by the clock of the leader that queued it; null if none waits. */
  readonly oldestAt: number | null;
}

export interface MeasuredJob {
  readonly id: string;
  /** null if it is paused. */
  readonly nextFireTime: number | null;
  /** The outcome of its last execution as text, if any. */
  readonly last: string | null;
}

export interface MeasureParams {
  /** How many jobs at most. */
  readonly jobs: number;
  /** Executors to measure in addition to those that the store finds. */
  readonly executors: readonly string[];
}
