import type { MeasuredJob } from '@carillon/core';
import { decodeLastRun } from '@carillon/core/internal';

const OUTCOMES = ['executed', 'error', 'cancelled'] as const;

/** What is shown of one job. Times are seconds since 1970. */
export interface JobSeries {
  readonly jobId: string;
  /** undefined: none is known. */
  readonly lastSuccess: number | undefined;
  /** Empty: there was none yet. */
  readonly outcomes: readonly { readonly outcome: string; readonly value: 0 | 1 }[];
  /** undefined: it is paused. */
  readonly nextRun: number | undefined;
}

/** What is known of the jobs of one job store that ask for metrics of their own. */
export class JobSeriesOf {
  /** Last successes that were seen: what is kept of a job tells its last outcome only. */
  #successes = new Map<string, number>();

  of(jobs: readonly MeasuredJob[]): readonly JobSeries[] {
    const successes = new Map<string, number>();
    const series = jobs.map(({ id: jobId, nextFireTime, last }) => {
      const run = decodeLastRun(last);
      const seen = run?.outcome === 'executed' ? run.settledAt.getTime() / 1_000 : this.#successes.get(jobId);
      if (seen !== undefined) successes.set(jobId, seen);
      const outcomes = run
        ? OUTCOMES.map((outcome) => ({ outcome, value: outcome === run.outcome ? (1 as const) : (0 as const) }))
        : [];
      return { jobId, lastSuccess: seen, outcomes, nextRun: nextFireTime === null ? undefined : nextFireTime / 1_000 };
    });
    this.#successes = successes;
    return series;
  }
}
