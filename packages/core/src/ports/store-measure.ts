import type { StoreCounts } from './store-look.js';

/** The measurements of a job store for metrics, at one instant. Times are ms of the store's clock. */
export interface StoreMeasure {
  readonly now: number;
  /** Whether a coordinator holds the leader's lock. */
  readonly isLed: boolean;
  /** Of the last term; null if there was none yet. */
  readonly epoch: number | null;
  readonly paused: boolean;
  readonly counts: MeasuredCounts;
  /** When the first fire is due; null if none is to come. */
  readonly nextDueAt: number | null;
  /** When the first run in the outbox is to be delivered; null if the outbox is empty. */
  readonly outboxAt: number | null;
  /** How many events of each type were published since the job store was created. */
  readonly events: readonly { readonly type: string; readonly count: number }[];
  /** The coordinators that contend and count as living. */
  readonly coordinators: readonly { readonly coordinatorId: string; readonly leads: boolean }[];
  readonly workers: readonly { readonly workerId: string; readonly heardAt: number; readonly json: string | null }[];
  readonly executors: readonly MeasuredExecutor[];
  /** How many jobs have `metrics: true`. */
  readonly metered: number;
  /** The jobs among them that were the first to have it. */
  readonly jobs: readonly MeasuredJob[];
}

export interface MeasuredCounts extends StoreCounts {
  /** Runs that wait for an instance of their job. */
  readonly waiting: number;
}

/** The queue of an executor. All executors that workers serve are listed, others only if a few sampled runs name them. */
export interface MeasuredExecutor {
  readonly executor: string;
  /** Deliveries that wait for a worker. */
  readonly waiting: number;
  /** Deliveries that workers have. */
  readonly taken: number;
  /** When the oldest waiting delivery was queued, by the clock of the leader that queued it; null if none waits. */
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
  /** The most jobs that are measured. */
  readonly jobs: number;
  /** Executors that are measured in addition to those that the store finds. */
  readonly executors: readonly string[];
}
