import { call, inStore, queryOf } from '../../api/client';
import type { ExplanationPage, FireCounts, Job, JobPage } from '../../api/types';
import { type Loaded, useLoad } from '../../api/use-load';
import { isLate, type Period, slowPeriod } from './cells';

/** Jobs of one page of the timeline. */
const JOBS = 20;
/** The most fire times of a job, the newest slow ones, that are checked one by one for whether they began late. */
const MOST_LOOKED_AT = 200;
const AT_ONCE = 4;

export interface Row {
  readonly job: Job;
  readonly counts: FireCounts;
  /** Fire times of runs that began late, ms since 1970. */
  readonly late: readonly number[];
}

export interface TimelinePage {
  readonly rows: readonly Row[];
  readonly cursor: string | null;
}

interface Asked extends Period {
  readonly text: string;
  readonly cursor: string;
}

export function useTimeline(store: string, asked: Asked): Loaded<TimelinePage> {
  return useLoad(JSON.stringify([store, asked]), (signal) => load(store, asked, signal));
}

async function load(store: string, asked: Asked, signal: AbortSignal): Promise<TimelinePage> {
  const { text, cursor } = asked;
  const page = await call<JobPage>(`${inStore(store, 'jobs')}${queryOf({ text, limit: JOBS, cursor })}`, { signal });
  const rows: Row[] = [];
  for (let place = 0; place < page.jobs.length; place += AT_ONCE) {
    const some = page.jobs.slice(place, place + AT_ONCE);
    rows.push(...(await Promise.all(some.map((job) => rowOf(store, job, asked, signal)))));
  }
  return { rows, cursor: page.cursor };
}

async function rowOf(store: string, job: Job, { from, to, cells }: Asked, signal: AbortSignal): Promise<Row> {
  const period = { from: isoOf(from), to: isoOf(to), buckets: cells };
  const counts = await call<FireCounts>(`${inStore(store, 'jobs', job.id, 'fire-counts')}${queryOf(period)}`, {
    signal,
  });
  const slow = slowPeriod(counts, MOST_LOOKED_AT);
  if (!slow) return { job, counts, late: [] };
  const asked = { from: isoOf(slow.from), to: isoOf(slow.to), limit: MOST_LOOKED_AT };
  const { explanations } = await call<ExplanationPage>(
    `${inStore(store, 'jobs', job.id, 'explain')}${queryOf(asked)}`,
    { signal },
  );
  return { job, counts, late: explanations.filter(isLate).map(({ instant }) => Date.parse(instant)) };
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
