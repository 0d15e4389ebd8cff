/** Why a fire was not executed here: another process has it, or the coordinator failed. */
export type SkipReason = 'not-elected' | 'coordinator-error';

export interface Execution {
  readonly id: string;
  /** `invoked`: by `execute()`. */
  readonly reason: 'invoked' | 'scheduled';
  startedAt?: Date;
  finishedAt?: Date;
  error?: Error;
  result?: unknown;
}

/** What a function, and a listener, is called with. */
export interface TaskContext {
  /** The fire time. */
  readonly date: Date;
  /** The same, as the clock of the schedule's zone shows it. */
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

/** What a schedule calls. */
export type TaskFn = (context: TaskContext) => unknown;

/** The last execution in this process. */
export interface LastRun {
  readonly date: Date;
  readonly result?: unknown;
  readonly error?: Error;
}

/** A schedule of this process. What it does is done in this process; the job behind it is the cluster's. */
export interface ScheduledTask {
  readonly id: string;
  readonly name?: string;
  /** Starts it here. Resolves once the cluster knows of it; rejects only where a background task does not load. */
  start(): void | Promise<void>;
  /** Stops it here. Where no other process has started it, it does not fire any more. */
  stop(): void | Promise<void>;
  /** `'stopped'`, `'idle'`, `'running'`: it runs in this process, or `'destroyed'`. */
  getStatus(): string;
  /** Stops it here, for good. */
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
