import type { CurrentRun } from './current-run.js';

/** What is known of an execution before its task is called. */
export type Facts = Pick<CurrentRun, 'runId' | 'executionId' | 'jobId' | 'jobStore' | 'scheduledRunTime' | 'attempt'>;

/** These alone, as members of its own: with them, what is made of one can be spread. */
export class ExecutionFacts implements Facts {
  readonly runId: string;
  readonly executionId: string;
  readonly jobId: string | null;
  readonly jobStore: string;
  readonly scheduledRunTime: Date;
  readonly attempt: number;

  constructor({ runId, executionId, jobId, jobStore, scheduledRunTime, attempt }: Facts) {
    this.runId = runId;
    this.executionId = executionId;
    this.jobId = jobId;
    this.jobStore = jobStore;
    this.scheduledRunTime = scheduledRunTime;
    this.attempt = attempt;
  }
}
