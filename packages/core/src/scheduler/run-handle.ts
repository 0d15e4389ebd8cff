/** A run that was asked for: it is owed, and its events carry this id. */
export interface RunHandle {
  readonly runId: string;
  /** null: enqueued without a job. */
  readonly jobId: string | null;
  readonly jobStore: string;
}
