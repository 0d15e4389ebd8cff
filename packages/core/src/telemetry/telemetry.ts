import type { ErrorInfo } from '../event/outcome.js';
import type { MeasureParams, StoreMeasure } from '../ports/store-measure.js';
import type { TraceContext } from './trace.js';

/**
 * Observes the parts of a cluster in this process. Pass it as `telemetry` to a `Scheduler`, `Coordinator`, `Worker` or `Carillon`.
 * `metrics` of `carillon/metrics` makes one. Errors that its methods throw are logged, and have no other effect.
 */
export interface Telemetry {
  /**
   * Whether it traces now; by default, it does. If it returns false, no data is collected for `fired` and `executing`, and they are not
   * called. It must be quick: it is called for each run.
   */
  isTracing?(): boolean;
  /** Begins to observe a part. The returned function is called once the part is shut down. */
  watch?(part: WatchedPart): () => void;
  /** Called when an execution of a run has ended in this process, before it is settled. It must be quick: a worker waits for it. */
  executed?(execution: ObservedExecution): void;
  /**
   * Whether it observes the next fire; by default, it does. If it returns false, no data is collected for that fire, and `fired` is not
   * called for it. It must be quick: it is called for each fire.
   * @param at ms since 1970 by the clock of the coordinator
   */
  firing?(at: number): boolean;
  /** Called when a leading coordinator has submitted a run of a due job. It must be quick: the leader waits for it. */
  fired?(fire: ObservedFire): void;
  /**
   * Called when a scheduler begins a call that changes jobs, requests runs or cancels one. It returns undefined if the call has no
   * span.
   */
  producing?(call: ProducedCall): ProducerSpan | undefined;
  /** Called when a worker begins an execution. It returns undefined if the execution has no span. */
  executing?(execution: BegunExecution): ExecutionSpan | undefined;
}

/** A call of a scheduler. For a call about many jobs, such as `pauseJobs`, `operation` is that of one job. */
export interface ProducedCall {
  readonly operation: ProducedOperation;
  readonly jobStore: string;
  /** null if the task is not known, or there are several. */
  readonly task: string | null;
  readonly jobId: string | null;
  readonly executor: string | null;
  /** The run of the call; left out if it is not known yet. */
  readonly runId?: string | undefined;
  /** How many jobs or runs the call concerns; 0 if not known. */
  readonly count: number;
}

/** The operation of a call. The job or run keeps the trace of `addJob`, `modifyJob`, `enqueue` and `runJob`. */
export type ProducedOperation =
  | 'addJob'
  | 'modifyJob'
  | 'enqueue'
  | 'runJob'
  | 'retryRuns'
  | 'pauseJob'
  | 'resumeJob'
  | 'removeJob'
  | 'removeAllJobs'
  | 'cancelRun'
  | 'pause'
  | 'resume';

/** The span of a call. */
export interface ProducerSpan {
  /** The trace that is stored in the job or run, for the worker that executes it. */
  readonly trace: TraceContext | undefined;
  within<T>(call: () => T): T;
  /** @param ended the run, if one was requested; the error, if the call failed. */
  end(ended: { readonly runId?: string | undefined; readonly error?: unknown }): void;
}

/** An execution that begins. */
export interface BegunExecution {
  readonly jobStore: string;
  readonly executor: string;
  readonly task: string;
  readonly runId: string;
  readonly executionId: string;
  /** null if the run was enqueued without a job. */
  readonly jobId: string | null;
  /** The first is 1. */
  readonly attempt: number;
  readonly scheduledRunTime: Date;
  /** When it began, ms since 1970 by the clock of the worker. */
  readonly startedAt: number;
  /** The trace of the call that enqueued the run, or that added or last changed its job. */
  readonly trace: TraceContext | undefined;
}

/** The span of an execution. */
export interface ExecutionSpan {
  /** Fields that are added to each line that the task logs; undefined if there are none. */
  readonly logged: Readonly<Record<string, string>> | undefined;
  /** The value of `currentRun().trace`, for calls of the task to other systems. */
  readonly trace?: TraceContext | undefined;
  within<T>(call: () => T): T;
  /** Called when the execution has ended; left out if the span does not need it. */
  end?(ended: EndedExecution): void;
}

/** How an execution ended. */
export interface EndedExecution {
  readonly outcome: ObservedExecution['outcome'];
  readonly error?: ErrorInfo | undefined;
}

/** A run that a leader submitted when its job was due. */
export interface ObservedFire {
  readonly jobStore: string;
  readonly executor: string;
  readonly task: string;
  readonly jobId: string;
  readonly runId: string;
  /** The first fire time of the run. */
  readonly scheduledRunTime: Date;
  /** When that fire was due, jitter included, ms since 1970 by the clock of Redis. */
  readonly dueAt: number;
  /** When the run was submitted, ms since 1970 by the clock of the coordinator. */
  readonly submittedAt: number;
  /** The trace of the call that added or last changed the job. */
  readonly trace: TraceContext | undefined;
}

export type WatchedPart = WatchedClient | WatchedWorker;

/** A scheduler or coordinator. It measures its job stores, whether or not it leads them. */
export interface WatchedClient {
  readonly role: 'scheduler' | 'coordinator';
  /** Its job stores at the moment. */
  stores(): readonly WatchedStore[];
}

export interface WatchedStore {
  readonly jobStore: string;
  /** Rejects if the job store cannot be reached, or its format cannot be read. */
  measure(params: MeasureParams): Promise<StoreMeasure>;
}

/** A worker, which reports its slots. */
export interface WatchedWorker {
  readonly role: 'worker';
  /** The slots of each of its executors at the moment. */
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
  /** When its delivery was queued, by the clock of the coordinator that queued it; null if not known. */
  readonly queuedAt: number | null;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `aborted`: the worker lost the run, or is shutting down; the run will run again elsewhere. */
  readonly outcome: 'executed' | 'error' | 'cancelled' | 'aborted';
}
