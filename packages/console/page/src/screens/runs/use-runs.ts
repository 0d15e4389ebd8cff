import { useEffect, useState } from 'preact/hooks';
import { call, inStore, queryOf } from '../../api/client';
import { useLive } from '../../api/live';
import type { Run, RunPage } from '../../api/types';
import { type Loaded, useLoad } from '../../api/use-load';
import { RUN_EVENTS } from './states';

const PAGE = 100;
/** A page may be empty, and others follow: of a caller who may see little. */
const MOST_PAGES = 20;

export interface RunFilter {
  readonly state: string;
  readonly job: string;
  readonly task: string;
  readonly executor: string;
}

export interface Runs {
  readonly runs: readonly Run[];
  readonly hasMore: boolean;
}

/** Runs as far as the viewer has scrolled, kept current. */
export function useRuns(store: string, filter: RunFilter): Loaded<Runs> & { readonly more: () => void } {
  const key = JSON.stringify([store, filter]);
  const [wanted, setWanted] = useState({ key, count: PAGE });
  const count = wanted.key === key ? wanted.count : PAGE;
  const loaded = useLoad(key, (signal) => load(store, filter, count, signal));
  useEffect(() => {
    if (count > PAGE) loaded.reload();
  }, [count]);
  useLive(store, RUN_EVENTS, loaded.reload);
  const more = () => {
    if (loaded.data?.hasMore && !loaded.isLoading) setWanted({ key, count: count + PAGE });
  };
  return { ...loaded, more };
}

async function load(store: string, filter: RunFilter, wanted: number, signal: AbortSignal): Promise<Runs> {
  const found = new Map<string, Run>();
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const query = queryOf({ ...filter, limit: PAGE, cursor });
    const page: RunPage = await call<RunPage>(`${inStore(store, 'runs')}${query}`, { signal });
    for (const run of page.runs) if (!found.has(run.runId)) found.set(run.runId, run);
    cursor = page.cursor;
    if (cursor === null || found.size >= wanted) break;
  }
  return { runs: [...found.values()], hasMore: cursor !== null };
}
