import type { StoreMeasure } from '@carillon/core';
import { inspectedWorkers, isAlive, takesRuns } from '@carillon/core/internal';
import type { StoreLook, Unstarted, Unsuccessful } from '../rules/looks.js';

/** The facts that rules need from a measure of the job store. @param known executors to include, whether or not the measure has them */
export function lookOf(
  { now, isLed, workers, executors }: StoreMeasure,
  more: { readonly unstarted: readonly Unstarted[]; readonly unsuccessful: readonly Unsuccessful[] },
): StoreLook {
  const alive = inspectedWorkers(workers).filter((worker) => isAlive(worker, new Date(now)));
  const waits = executors.map(({ executor, waiting, taken }) => {
    const isServed = alive.some((worker) => takesRuns(worker, executor));
    return { executor, isServed, isOwed: waiting + taken > 0 };
  });
  return { now, isLed, executors: waits, ...more };
}
