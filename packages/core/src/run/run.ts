import type { FireRange } from '../event/events.js';
import type { ErrorInfo } from '../event/outcome.js';
import type { JsonValue } from '../json.js';

/** What is known of a run: `state` shows whether it is still owed. */
export type Run = LiveRunInfo | SettledRunInfo;

interface RunInfo {
  readonly runId: string;
  /** null if it was enqueued without a job. */
  readonly jobId: string | null;
  readonly jobStore: string;
  readonly task: string;
  /** Alias of the queue that it goes to. */
  readonly executor: string;
  /** The failed run that this one replaces: see `retryRuns`. null if it replaces none. */
  readonly retryOf: string | null;
  /** Oldest first; several only where `coalesce` is false and a backlog existed. */
  readonly scheduledRunTimes: readonly Date[];
  /** The outcomes of its executions, oldest first, as far as that is kept: see `history`. */
  readonly executions: readonly Execution[];
  /** Fire times that were too late when it started. */
  readonly missed: FireRange | null;
}

/** A run that is owed. */
export interface LiveRunInfo extends RunInfo {
  /** `waiting`: for an instance of its job. `scheduled`: for its scheduled run time. `queued`: for a worker. `retrying`: for `retryAt`. */
  readonly state: 'waiting' | 'scheduled' | 'queued' | 'running' | 'retrying';
  /** How often the fire time that is due now was started; 0: not yet. */
  readonly attempt: number;
  /** When it may be started again, while it is `retrying`. */
  readonly retryAt: Date | null;
  /** What its task reported last by `currentRun().progress()`. */
  readonly progress: JsonValue;
  /** It is being cancelled. */
  readonly cancelling: boolean;
}

/** A run that has ended, as far as it is kept. It has the first and the last of its missed fire times. */
export interface SettledRunInfo extends RunInfo {
  /** Its outcome; with several fire times, that of the last one. */
  readonly state: 'executed' | 'error' | 'missed' | 'cancelled' | 'max_instances';
  readonly settledAt: Date;
}

/** The outcome of one fire time of a run. */
export type Execution = ExecutionInfo &
  (
    | { readonly outcome: 'executed'; readonly value: JsonValue }
    | { readonly outcome: 'error'; readonly error: ErrorInfo }
    | { readonly outcome: 'cancelled' }
  );

interface ExecutionInfo {
  /** The idempotency key that the task was given. */
  readonly executionId: string;
  readonly scheduledRunTime: Date;
  readonly settledAt: Date;
}
