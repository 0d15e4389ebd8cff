import type { FireRange } from '../event/events.js';
import type { ErrorInfo } from '../event/outcome.js';
import type { JsonValue } from '../json.js';

/** A run; `state` shows whether it is still owed. */
export type Run = LiveRunInfo | SettledRunInfo;

interface RunInfo {
  readonly runId: string;
  /** null if it was enqueued without a job. */
  readonly jobId: string | null;
  readonly jobStore: string;
  readonly task: string;
  /** Alias of the queue of the run. */
  readonly executor: string;
  /** The id of the failed run that this run replaces (see `retryRuns`); null if it replaces none. */
  readonly retryOf: string | null;
  /** Oldest first; several only where `coalesce` is false and a backlog existed. */
  readonly scheduledRunTimes: readonly Date[];
  /** The outcomes of its executions, oldest first, as far as `history` keeps them. */
  readonly executions: readonly Execution[];
  /** Fire times that were too late when it started. */
  readonly missed: FireRange | null;
}

/** A run that is owed. */
export interface LiveRunInfo extends RunInfo {
  /**
   * `waiting` until one of its job's live runs ends, `scheduled` for a later instant, `queued` until a worker takes it, `retrying`
   * until `retryAt`.
   */
  readonly state: 'waiting' | 'scheduled' | 'queued' | 'running' | 'retrying';
  /** How often the current fire time was started; 0 if it was not yet. */
  readonly attempt: number;
  /** The earliest instant of the next attempt, while the run is `retrying`; else null. */
  readonly retryAt: Date | null;
  /** The last value that its task passed to `currentRun().progress()`. */
  readonly progress: JsonValue;
  /** Whether it is being cancelled. */
  readonly cancelling: boolean;
}

/** A run that has ended, as far as it is kept. Of its missed fire times, the first and the last are kept. */
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
  /** The idempotency key that the task got. */
  readonly executionId: string;
  readonly scheduledRunTime: Date;
  readonly settledAt: Date;
}
