import type { MeasureParams, StoreMeasure } from '../ports/store-measure.js';

/**
 * Observes parts of a cluster from within their process. Give it as `telemetry` to a `Scheduler`, `Coordinator`, `Worker` or
 * `Carillon`: `metrics` of `carillon/metrics` makes one. What its methods throw is logged, and harms nothing.
 */
export interface Telemetry {
  /** A part begins to be observed. The answer is called once it is shut down. */
  watch?(part: WatchedPart): () => void;
  /** An execution of a run has ended in this process, and is to be settled. To be quick: a worker waits for it. */
  executed?(execution: ObservedExecution): void;
}

export type WatchedPart = WatchedClient | WatchedWorker;

/** A scheduler or coordinator: it tells how its job stores are, whichever of them leads. */
export interface WatchedClient {
  readonly role: 'scheduler' | 'coordinator';
  /** Its job stores just now. */
  stores(): readonly WatchedStore[];
}

export interface WatchedStore {
  readonly jobStore: string;
  /** Rejects where the job store is not reached, or is of another format. */
  measure(params: MeasureParams): Promise<StoreMeasure>;
}

/** A worker: it tells of its slots. */
export interface WatchedWorker {
  readonly role: 'worker';
  /** Of each of its executors just now. */
  slots(): readonly WatchedSlots[];
}

export interface WatchedSlots {
  readonly executor: string;
  readonly taken: number;
  readonly free: number;
}

/** One execution of a run. Times are ms since 1970 by the clock of the worker; `dueAt` is by that of Redis. */
export interface ObservedExecution {
  readonly jobStore: string;
  readonly executor: string;
  readonly task: string;
  /** The first is 1. */
  readonly attempt: number;
  readonly dueAt: number;
  /** When the delivery was queued that brought it, by the clock of the coordinator that queued it; null: not known. */
  readonly queuedAt: number | null;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `aborted`: the run was lost, or the worker is shutting down; it runs again elsewhere. */
  readonly outcome: 'executed' | 'error' | 'cancelled' | 'aborted';
}
