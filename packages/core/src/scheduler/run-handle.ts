import type { By } from '../by.js';
import { type Duration, timerMilliseconds } from '../duration.js';
import type { JsonValue } from '../json.js';

export interface ResultOptions {
  /** How long to wait, up to 24 days; default: without a limit. */
  readonly timeout?: Duration | undefined;
}

/** `cancelled`: the run has ended. `cancelling`: its worker was notified, and will end it. */
export type Cancelled = 'cancelled' | 'cancelling';

/** The methods of a handle, which call those of the Scheduler for this run. */
export interface RunActions {
  result(runId: string, timeoutMs: number | null): Promise<JsonValue>;
  /** @throws InvalidOptionsError */
  cancel(runId: string, by: By): Promise<Cancelled>;
}

/**
 * A requested run: it is owed, and its events carry `runId`. `Result` is the return value of its task after a round trip through JSON.
 */
export class RunHandle<Result = JsonValue> {
  readonly runId: string;
  /** null if it was enqueued without a job. */
  readonly jobId: string | null;
  readonly jobStore: string;
  /** Whether no run was entered, as an earlier call had an equal `dedupe` key. The run of that call may have ended. */
  readonly isDuplicate: boolean;
  /** The id of the failed run that this run replaces; undefined if it replaces none. */
  readonly retryOf: string | undefined;
  readonly #actions: RunActions;

  constructor(
    run: Pick<RunHandle, 'runId' | 'jobId' | 'jobStore' | 'isDuplicate'> & { readonly retryOf?: string },
    actions: RunActions,
  ) {
    this.runId = run.runId;
    this.jobId = run.jobId;
    this.jobStore = run.jobStore;
    this.isDuplicate = run.isDuplicate;
    this.retryOf = run.retryOf;
    this.#actions = actions;
  }

  /**
   * Waits for the run to end and returns the result of its task. The result is kept for an hour, or as `history` says.
   * @throws RunFailedError if the task threw, RunTimeoutError if it took longer than its `timeout`, RunCancelledError,
   * MaxInstancesError if a newer run replaced it while it waited, RunMissedError; ResultTimeoutError if it did not end in time (it
   * continues), RunNotFoundError if it is no longer known
   */
  async result({ timeout }: ResultOptions = {}): Promise<Result> {
    const timeoutMs = timeout === undefined ? null : checkTimeout(timeout);
    return (await this.#actions.result(this.runId, timeoutMs)) as Result;
  }

  /**
   * Cancels the run in any state. If it is running, its worker aborts its signal, and its executor stops it if it can.
   * @throws RunNotFoundError if it ended in another way, InvalidOptionsError
   */
  cancel(by: By = {}): Promise<Cancelled> {
    return this.#actions.cancel(this.runId, by);
  }
}

/** @throws InvalidOptionsError */
export function checkTimeout(timeout: Duration): number {
  return timerMilliseconds(timeout, 'timeout');
}
