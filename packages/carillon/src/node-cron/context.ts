/** Why a fire was not executed here: another process executes it, or the coordinator failed. */
export type SkipReason = 'not-elected' | 'coordinator-error';

export interface Execution {
  readonly id: string;
  /** `invoked` if `execute()` was called. */
  readonly reason: 'invoked' | 'scheduled';
  startedAt?: Date;
  finishedAt?: Date;
  error?: Error;
  result?: unknown;
}

/** The argument of functions and listeners. */
export interface TaskContext {
  /** The fire time. */
  readonly date: Date;
  /** The fire time as the clock of the schedule's zone shows it. */
  readonly dateLocalIso: string;
  readonly task?: ScheduledTask;
  readonly execution?: Execution;
  readonly triggeredAt: Date;
  readonly reason?: SkipReason;
  readonly error?: Error;
}

export type TaskEvent =
  | 'task:started'
  | 'task:stopped'
  | 'task:destroyed'
  | 'task:failed'
  | 'execution:started'
  | 'execution:finished'
  | 'execution:failed'
  | 'execution:missed'
  | 'execution:overlap'
  | 'execution:maxReached'
  | 'execution:skipped';

export type TaskListener = (context: TaskContext) => void | Promise<void>;

/** The function of a schedule. */
export type TaskFn = (context: TaskContext) => unknown;

/** The last execution in this process. */
export interface LastRun {
  readonly date: Date;
  readonly result?: unknown;
  readonly error?: Error;
}

/** A schedule of this process. Its methods act on this process; the job behind it belongs to the cluster. */
export interface ScheduledTask {
  readonly id: string;
  readonly name?: string;
  /** Starts it in this process. Resolves once the cluster has its job; rejects only if a background task does not load. */
  start(): void | Promise<void>;
  /** Stops it in this process. If no other process has started it, it stops firing. */
  stop(): void | Promise<void>;
  /** Returns `'stopped'`, `'idle'`, `'running'` (in this process) or `'destroyed'`. */
  getStatus(): string;
  /** Stops it in this process; it cannot be started again. */
  destroy(): void | Promise<void>;
  /** Calls the function now, in this process. @throws what the function throws */
  // biome-ignore lint/suspicious/noExplicitAny: as node-cron has it, so that callers compile unchanged.
  execute(): Promise<any>;
  getNextRun(): Date | null;
  getNextRuns(count: number): Date[];
  match(date: Date): boolean;
  msToNext(): number | null;
  isBusy(): boolean;
  runsLeft(): number | undefined;
  getPattern(): string;
  lastRun(): LastRun | null;
  unref(): void;
  ref(): void;
  on(event: TaskEvent, listener: TaskListener): void;
  off(event: TaskEvent, listener: TaskListener): void;
  once(event: TaskEvent, listener: TaskListener): void;
}
