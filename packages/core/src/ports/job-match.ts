/** A condition on jobs: a job matches if it satisfies all members that are not null. */
export interface JobMatch {
  /** The job has all of these tags. */
  readonly tags: readonly string[];
  /** The text in lower case. */
  readonly text: string | null;
  readonly task: string | null;
  readonly executor: string | null;
  readonly state: JobStateName | null;
  readonly lastOutcome: LastOutcomeName | null;
  /** ms. */
  readonly dueBefore: number | null;
}

/** `running`: the job has live runs; it may be scheduled or paused. */
export type JobStateName = 'scheduled' | 'paused' | 'running';

/** How the last execution of a job ended; `none` if there was no execution. */
export type LastOutcomeName = 'executed' | 'error' | 'cancelled' | 'none';
