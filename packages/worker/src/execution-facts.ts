/** The facts of an execution before its task is called, as own members, so that a copy by `...` has them. */
export class ExecutionFacts {
  readonly runId: string;
  readonly executionId: string;
  readonly jobId: string | null;
  readonly jobStore: string;
  readonly scheduledRunTime: Date;
  readonly attempt: number;

  constructor({ runId, executionId, jobId, jobStore, scheduledRunTime, attempt }: ExecutionFacts) {
    this.runId = runId;
    this.executionId = executionId;
    this.jobId = jobId;
    this.jobStore = jobStore;
    this.scheduledRunTime = scheduledRunTime;
    this.attempt = attempt;
  }
}
