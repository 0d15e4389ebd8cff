import type { StoreLook } from '../ports/store-look.js';
import { inspectedWorkers } from '../scheduler/inspection.js';

/** The living workers that serve an executor, by whether they have a task. Ids of workers. */
export interface TaskPlaces {
  readonly having: readonly string[];
  readonly lacking: readonly string[];
}

/** After this many leases without a sign of life, a worker does not count as living. */
const SILENT_LEASES = 2;
const DEFAULT_LEASE_MS = 5_000;

/** Whether a worker that was silent for a time counts as living. */
export function isLiving(silentMs: number, leaseMs: number): boolean {
  return silentMs <= SILENT_LEASES * leaseMs;
}

/** The living workers that serve an executor. */
export function servingWorkers(
  look: Pick<StoreLook, 'now' | 'workers'>,
  executor: string,
): ReturnType<typeof inspectedWorkers> {
  return inspectedWorkers(look.workers).filter(({ lastSeen, leaseMs, executors }) => {
    const isAlive = isLiving(look.now - lastSeen.getTime(), leaseMs ?? DEFAULT_LEASE_MS);
    return isAlive && executors.some(({ alias }) => alias === executor);
  });
}

/** Where a task can run. */
export function placesOf(look: Pick<StoreLook, 'now' | 'workers'>, executor: string, task: string): TaskPlaces {
  const serving = servingWorkers(look, executor);
  const ids = (has: boolean) =>
    serving.filter(({ tasks }) => tasks.includes(task) === has).map(({ workerId }) => workerId);
  return { having: ids(true), lacking: ids(false) };
}
