import type { By } from '../by.js';
import { type Duration, timerMilliseconds } from '../duration.js';
import type { JsonValue } from '../json.js';

export interface ResultOptions {
  /** How long to wait, up to 24 days; left out: for as long as it takes. */
  readonly timeout?: Duration | undefined;
}

/** `cancelled`: it has ended. `cancelling`: its worker was notified, and ends it. */
export type Cancelled = 'cancelled' | 'cancelling';

/** What a handle does; the Scheduler's, for this run. */
export interface RunActions {
  result(runId: string, timeoutMs: number | null): Promise<JsonValue>;
  /** @throws InvalidOptionsError */
  cancel(runId: string, by: By): Promise<Cancelled>;
}

/** A run that was asked for: it is owed, and its events carry this id. `Result` is what its task returns, as JSON has it. */
export class RunHandle<Result = JsonValue> {
  readonly runId: string;
  /** null: enqueued without a job. */
  readonly jobId: string | null;
  readonly jobStore: string;
  /** Nothing was entered: it was asked for before under an equal `dedupe` key, and may have ended. */
  readonly isDuplicate: boolean;
  /** The run that failed, and in place of which this one is; undefined: it is in place of none. */
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
   * Waits for the run to end and answers what its task returned. It is kept for an hour, or as `history` says.
   * @throws RunFailedError if the task threw, RunTimeoutError if it took longer than its `timeout`, RunCancelledError,
   * MaxInstancesError if a newer run took its place while it waited, RunMissedError; ResultTimeoutError if it did not end
   * in time (it goes on), RunNotFoundError if it is not known any more
   */
  async result({ timeout }: ResultOptions = {}): Promise<Result> {
    const timeoutMs = timeout === undefined ? null : checkTimeout(timeout);
    return (await this.#actions.result(this.runId, timeoutMs)) as Result;
  }

  /**
   * Cancels it, wherever it is: one that runs has its signal aborted, and its executor stops it if it can.
   * @throws RunNotFoundError if it has ended otherwise, InvalidOptionsError
   */
  cancel(by: By = {}): Promise<Cancelled> {
    return this.#actions.cancel(this.runId, by);
  }
}

/** @throws InvalidOptionsError */
export function checkTimeout(timeout: Duration): number {
  return timerMilliseconds(timeout, 'timeout');
}
