import { call, inStore, queryOf } from '../../api/client';
import type { Explanation, ExplanationPage, Job, JobPage } from '../../api/types';
import { type Loaded, useLoad } from '../../api/use-load';

/** Jobs of one page of the timeline. */
const JOBS = 20;
/** At most so many fire times of a job are loaded: what is beyond wants a shorter span. */
const MOST_TOLD = 1_000;
const AT_ONCE = 4;

export interface Row {
  readonly job: Job;
  readonly told: readonly Explanation[];
  /** What follows this instant is not loaded; null: all is. */
  readonly loadedTo: string | null;
}

export interface TimelinePage {
  readonly rows: readonly Row[];
  readonly cursor: string | null;
}

interface Asked {
  readonly from: number;
  readonly to: number;
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

async function rowOf(store: string, job: Job, { from, to }: Asked, signal: AbortSignal): Promise<Row> {
  const told: Explanation[] = [];
  const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), limit: MOST_TOLD };
  let cursor: string | null = null;
  do {
    const path = `${inStore(store, 'jobs', job.id, 'explain')}${queryOf({ ...period, cursor })}`;
    const page: ExplanationPage = await call<ExplanationPage>(path, { signal });
    told.push(...page.explanations);
    cursor = page.cursor;
  } while (cursor !== null && told.length < MOST_TOLD);
  return { job, told, loadedTo: cursor === null ? null : (told.at(-1)?.instant ?? null) };
}
