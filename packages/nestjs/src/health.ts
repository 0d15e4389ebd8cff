import type { CoordinatorHealth } from '@carillon/coordinator';
import type { WorkerHealth } from '@carillon/worker';

/** The health of each part of this process; null if the process has no such part. */
export interface CarillonHealth {
  readonly coordinator: CoordinatorHealth | null;
  readonly worker: WorkerHealth | null;
}

/** How long something may be unserved before that is a fault: a lost connection is usually restored sooner. */
const GRACE_MS = 30_000;

/** Returns why a process is not healthy, in words; empty if it is healthy. */
export function complaintsOf({ coordinator, worker }: CarillonHealth, now: number): readonly string[] {
  const parts = { coordinator, worker };
  const stopped = Object.entries(parts).filter(([, part]) => part !== null && part.status !== 'running');
  const unserved = [...(coordinator?.unserved ?? []), ...(worker?.unserved ?? [])];
  return [
    ...stopped.map(([name, part]) => `the ${name} is not running: it is ${part?.status}`),
    ...unserved
      .filter(({ since }) => now - since.getTime() >= GRACE_MS)
      .map((one) => `${nameOf(one)} is not served, since ${one.since.toISOString()}: ${one.why}`),
  ];
}

function nameOf(one: { readonly jobStore: string; readonly executor?: string }): string {
  const place = `job store ${one.jobStore}`;
  return one.executor === undefined ? place : `executor ${one.executor} of ${place}`;
}
