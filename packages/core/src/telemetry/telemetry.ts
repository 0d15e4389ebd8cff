import type { ErrorInfo } from '../event/outcome.js';
import type { MeasureParams, StoreMeasure } from '../ports/store-measure.js';
import type { TraceContext } from './trace.js';

/**
 * Observes the parts of a cluster in this process. Give it as `telemetry` to a `Scheduler`, `Coordinator`, `Worker` or `Carillon`:
 * `metrics` of `carillon/metrics` makes one. What its methods throw is logged, and harms nothing.
 */
export interface Telemetry {
  /**
   * Whether it traces now. Where it returns false, nothing is gathered for `fired` and `executing`, and they are not called. Left out: it
   * does. It must be quick: it is called for each run.
   */
  isTracing?(): boolean;
  /** Begins to observe a part. The returned function is called once the part is shut down. */
  watch?(part: WatchedPart): () => void;
  /** An execution of a run has ended in this process, and is to be settled. It must be quick: a worker waits for it. */
  executed?(execution: ObservedExecution): void;
  /**
   * Whether it observes the next fire. Where it returns false, nothing is gathered for that one, and `fired` is not called for it. Left
   * out: it does. It must be quick: it is called for each fire.
   * @param at ms since 1970 by the clock of the coordinator
   */
  firing?(at: number): boolean;
  /** A leading coordinator has submitted a run of a job that was due. It must be quick: the leader waits for it. */
  fired?(fire: ObservedFire): void;
  /** A scheduler begins a call that changes jobs, or asks for runs or cancels one. undefined if there is no span for it. */
  producing?(call: ProducedCall): ProducerSpan | undefined;
  /** A worker begins an execution. undefined if there is no span for it. */
  executing?(execution: BegunExecution): ExecutionSpan | undefined;
}

/** A call of a scheduler. For a call about many jobs, such as `pauseJobs`, `operation` is that of one job. */
export interface ProducedCall {
  readonly operation: ProducedOperation;
  readonly jobStore: string;
  /** null if not known, or several. */
  readonly task: string | null;
  readonly jobId: string | null;
  readonly executor: string | null;
  /** The run that it is about; left out: none is known yet. */
  readonly runId?: string | undefined;
  /** How many jobs or runs it is about; 0: not known. */
  readonly count: number;
}

/** What a call does. The job or run keeps the trace of `addJob`, `modifyJob`, `enqueue` and `runJob`. */
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

/** Runs while a call is under way. */
export interface ProducerSpan {
  /** Kept in the job or run, for the worker that executes it. */
  readonly trace: TraceContext | undefined;
  within<T>(call: () => T): T;
  /** @param ended the run that was asked for, where it is one; an error where the call failed. */
  end(ended: { readonly runId?: string | undefined; readonly error?: unknown }): void;
}

/** An execution as it begins. */
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
  /** Of the call that enqueued the run, or that added or last changed its job. */
  readonly trace: TraceContext | undefined;
}

/** Runs while a task does. */
export interface ExecutionSpan {
  /** Members of each line that the task logs; undefined if there are none. */
  readonly logged: Readonly<Record<string, string>> | undefined;
  /** For `currentRun().trace`: what the task does elsewhere. */
  readonly trace?: TraceContext | undefined;
  within<T>(call: () => T): T;
  /** Left out: how it ends is not asked for. */
  end?(ended: EndedExecution): void;
}

/** How an execution ended. */
export interface EndedExecution {
  readonly outcome: ObservedExecution['outcome'];
  readonly error?: ErrorInfo | undefined;
}

/** A run that a leader submitted as its job was due. */
export interface ObservedFire {
  readonly jobStore: string;
  readonly executor: string;
  readonly task: string;
  readonly jobId: string;
  readonly runId: string;
  /** The first fire time of the run. */
  readonly scheduledRunTime: Date;
  /** When that was due, jitter included, ms since 1970 by the clock of Redis. */
  readonly dueAt: number;
  /** When the run was submitted, ms since 1970 by the clock of the coordinator. */
  readonly submittedAt: number;
  /** Of the call that added or last changed the job. */
  readonly trace: TraceContext | undefined;
}

export type WatchedPart = WatchedClient | WatchedWorker;

/** A scheduler or coordinator: it reports how its job stores are, whichever of them leads. */
export interface WatchedClient {
  readonly role: 'scheduler' | 'coordinator';
  /** Its job stores at the moment. */
  stores(): readonly WatchedStore[];
}

export interface WatchedStore {
  readonly jobStore: string;
  /** Rejects where the job store is not reached, or is of another format. */
  measure(params: MeasureParams): Promise<StoreMeasure>;
}

/** A worker: it reports its slots. */
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
  /** When the delivery was queued that brought it, by the clock of the coordinator that queued it; null if not known. */
  readonly queuedAt: number | null;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `aborted`: the run was lost, or the worker is shutting down; it runs again elsewhere. */
  readonly outcome: 'executed' | 'error' | 'cancelled' | 'aborted';
}
