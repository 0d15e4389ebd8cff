/** The first and the last of a range of fire times, ms. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

interface Envelope {
  readonly seq: number;
  readonly type: string;
  /** The time by Redis' clock, ms. */
  readonly at: number;
}

interface OfRun {
  readonly jobId: string | null;
  readonly runId: string;
}

interface Submission {
  readonly jobId: string | null;
  readonly scheduledRunTimes: readonly number[];
  readonly coalesced: Range | null;
}

export interface OfExecution extends OfRun {
  readonly executionId: string;
  readonly scheduledRunTime: number;
}

/** The fields of events that the chaos reads, in their wire form: docs/events.md. */
export type Reported = Envelope &
  (
    | ({ readonly type: 'job_submitted' } & Submission & OfRun)
    | ({ readonly type: 'job_max_instances' } & Submission)
    | ({ readonly type: 'job_missed'; readonly jobId: string | null; readonly runId: string | null } & Range)
    | ({ readonly type: 'job_started'; readonly workerId: string } & OfRun)
    | ({ readonly type: 'job_executed' | 'job_cancelled' | 'job_retrying' } & OfExecution)
    | ({
        readonly type: 'job_error';
        readonly error: { readonly message: string; readonly code?: string };
      } & OfExecution)
    | { readonly type: 'leader_elected'; readonly epoch: number; readonly coordinatorId: string }
    | { readonly type: 'job_quarantined'; readonly id: string; readonly why: string }
    | { readonly type: 'other' }
  );
