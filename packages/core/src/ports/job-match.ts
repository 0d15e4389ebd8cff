/** Which jobs are looked for: a job has to match all members that are not null. */
export interface JobMatch {
  /** It has all of these. */
  readonly tags: readonly string[];
  /** Without the difference of capitals. */
  readonly text: string | null;
  readonly task: string | null;
  readonly executor: string | null;
  readonly state: JobStateName | null;
  readonly lastOutcome: LastOutcomeName | null;
  /** ms. */
  readonly dueBefore: number | null;
}

/** `running`: it has live runs, be it scheduled or paused. */
export type JobStateName = 'scheduled' | 'paused' | 'running';

/** How the last execution of a job ended; `none`: there was none. */
export type LastOutcomeName = 'executed' | 'error' | 'cancelled' | 'none';
