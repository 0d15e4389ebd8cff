import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { call, inStore, queryOf } from '../../api/client';
import type { Job, JobPage } from '../../api/types';
import { type Filter, filterQuery } from './filter';

const PAGE = 100;
/** More rows than these are not loaded again while one looks: they are as they were when they came. */
const MOST_REFRESHED = 300;
/** A page of a search may be short, and others follow: the most pages that are loaded before the user is asked whether to continue. */
const MOST_SHORT_PAGES = 20;
/** The most rows that are kept. Then the list continues as a new one. */
const MOST_ROWS = 10_000;

export interface JobPages {
  readonly jobs: readonly Job[];
  readonly hasMore: boolean;
  readonly isFull: boolean;
  readonly isLoading: boolean;
  readonly error: Error | null;
  /** Loads the next page. */
  readonly more: () => void;
  /** Loads what is shown again, unless that is too much. */
  readonly refresh: () => void;
  /** Loads the list from its begin. */
  readonly restart: () => void;
  /** Does again what failed. */
  readonly retry: () => void;
  /** Another one: the list begins again. */
  readonly list: number;
}

interface State {
  readonly list: number;
  readonly jobs: readonly Job[];
  readonly cursor: string | null;
  readonly isLoading: boolean;
  readonly error: Error | null;
}

const EMPTY: State = { jobs: [], cursor: null, list: 0, isLoading: true, error: null };

/** The jobs that a filter matches, a page at a time. An answer that a later question overtook is dropped. */
export function useJobPages(store: string, filter: Filter): JobPages {
  const [state, setState] = useState<State>(EMPTY);
  const running = useRef<AbortController | null>(null);
  const last = useRef<() => void>(() => {});
  const key = JSON.stringify(filter);

  const load = useCallback(
    (old: State, limit: number) => {
      running.current?.abort();
      last.current = () => load(old, limit);
      const controller = new AbortController();
      running.current = controller;
      setState((now) => ({ ...now, isLoading: true, error: null }));
      pagesOf(store, filter, old, limit, controller.signal).then(
        (next) => {
          if (!controller.signal.aborted) setState((now) => ({ ...now, ...next, isLoading: false, error: null }));
        },
        (error: Error) => {
          if (!controller.signal.aborted) setState((now) => ({ ...now, isLoading: false, error }));
        },
      );
    },
    [store, key],
  );

  const restart = () => {
    // The cursor is that of another list.
    setState((now) => ({ ...now, cursor: null, list: now.list + 1 }));
    load(EMPTY, PAGE);
  };
  useEffect(() => {
    restart();
    return () => running.current?.abort();
  }, [load]);

  const isFull = state.jobs.length >= MOST_ROWS;
  return {
    ...state,
    hasMore: state.cursor !== null,
    isFull,
    restart,
    retry: () => last.current(),
    more: () => {
      if (state.cursor === null || state.isLoading) return;
      if (isFull) setState((now) => ({ ...now, list: now.list + 1 }));
      load(isFull ? { ...state, jobs: [] } : state, PAGE);
    },
    refresh: () => {
      if (state.jobs.length <= MOST_REFRESHED && !state.isLoading) load(EMPTY, Math.max(PAGE, state.jobs.length));
    },
  };
}

/** What was there, and the pages that follow, until there is something new to show. */
async function pagesOf(
  store: string,
  filter: Filter,
  { jobs, cursor }: Pick<State, 'jobs' | 'cursor'>,
  limit: number,
  signal: AbortSignal,
): Promise<Pick<State, 'jobs' | 'cursor'>> {
  const found = new Map(jobs.map((job) => [job.id, job]));
  const wanted = found.size + Math.min(limit, 50);
  let next = cursor;
  for (let pages = 0; pages < MOST_SHORT_PAGES; pages++) {
    const query = queryOf({ ...filterQuery(filter), limit, cursor: next });
    const page = await call<JobPage>(`${inStore(store, 'jobs')}${query}`, { signal });
    // The order is that of next run times, which change: a job may come twice.
    for (const job of page.jobs) found.set(job.id, job);
    next = page.cursor;
    if (next === null || found.size >= wanted) break;
  }
  return { jobs: [...found.values()], cursor: next };
}
