import { useEffect, useRef, useState } from 'preact/hooks';
import { call, inStore } from '../../api/client';
import type { Job, OutcomesOfJob, RecordedChange } from '../../api/types';

/** What is looked up for the rows in sight alone. */
export interface RowFacts {
  readonly outcomes: ReadonlyMap<string, OutcomesOfJob['outcomes']>;
  /** Of paused jobs. */
  readonly pausedBy: ReadonlyMap<string, RecordedChange>;
}

const MOST_IDS = 100;
/** While one scrolls, nothing is asked for. */
const STILL_MS = 120;

/** @param version another value looks the outcomes up again. */
export function useRowFacts(store: string, inSight: readonly Job[], version: number): RowFacts {
  const [facts, setFacts] = useState<RowFacts>({ outcomes: new Map(), pausedBy: new Map() });
  const known = useRef(new Set<string>());
  const key = inSight.map(({ id }) => id).join('\n');
  useEffect(() => {
    if (inSight.length === 0) return;
    const controller = new AbortController();
    const { signal } = controller;
    const timer = setTimeout(() => {
      const jobs = inSight.slice(0, MOST_IDS).map(({ id }) => id);
      call<{ jobs: readonly OutcomesOfJob[] }>(inStore(store, 'outcomes'), {
        method: 'POST',
        body: { jobs },
        signal,
      }).then(
        (answer) =>
          setFacts((old) => ({
            ...old,
            outcomes: new Map([
              ...old.outcomes,
              ...answer.jobs.map(({ jobId, outcomes }) => [jobId, outcomes] as const),
            ]),
          })),
        ignore,
      );
      for (const { id, paused, revision } of inSight) {
        const name = `${id}\n${revision}`;
        if (!paused || known.current.has(name)) continue;
        known.current.add(name);
        pausedBy(store, id).then(
          (change) => change && setFacts((old) => ({ ...old, pausedBy: new Map(old.pausedBy).set(id, change) })),
          ignore,
        );
      }
    }, STILL_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [store, key, version]);
  return facts;
}

/** Rows are of use without these. What is wrong with the console shows where the jobs are loaded. */
function ignore(): void {}

async function pausedBy(store: string, id: string): Promise<RecordedChange | undefined> {
  const path = `${inStore(store, 'jobs', id, 'changes')}?limit=20`;
  const { changes } = await call<{ changes: readonly RecordedChange[] }>(path);
  return changes.find(
    ({ what, changed }) =>
      what === 'paused' || changed.some(({ member, after }) => member === 'paused' && after === true),
  );
}
