import type { MeasuredJob } from '@carillon/core';
import { decodeLastRun, lastSuccessOf } from '@carillon/core/internal';

const OUTCOMES = ['executed', 'error', 'cancelled'] as const;

/** The values of one job. Times are seconds since 1970. */
export interface JobSeries {
  readonly jobId: string;
  /** The fire time of the last execution that succeeded; undefined if none is known. */
  readonly lastSuccess: number | undefined;
  /** Empty if there was none yet. */
  readonly outcomes: readonly { readonly outcome: string; readonly value: 0 | 1 }[];
  /** undefined if it is paused. */
  readonly nextRun: number | undefined;
}

/** Returns the series of jobs with `metrics: true`. It keeps no state: each process exports the same. */
export function jobSeries(jobs: readonly MeasuredJob[]): readonly JobSeries[] {
  return jobs.map(({ id: jobId, nextFireTime, last }) => {
    const run = decodeLastRun(last);
    const success = lastSuccessOf(last)?.scheduledRunTime.getTime();
    const outcomes = run
      ? OUTCOMES.map((outcome) => ({ outcome, value: outcome === run.outcome ? (1 as const) : (0 as const) }))
      : [];
    const nextRun = nextFireTime === null ? undefined : nextFireTime / 1_000;
    return { jobId, lastSuccess: success === undefined ? undefined : success / 1_000, outcomes, nextRun };
  });
}
