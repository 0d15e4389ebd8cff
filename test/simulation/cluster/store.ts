import type { StoreMeasure } from '@carillon/core';
import type { Formats, JobStore } from '@carillon/core/internal';
import type { Contents, MemoryCluster } from '@carillon/core/memory';
import { measuredAlike } from './measured.js';
import type { Call } from './wire.js';

export const JOB_STORE = 'default';

/** A method of a job store. Each takes at most one argument. */
export interface StoreMethod {
  readonly role: Exclude<keyof JobStore, 'alias'>;
  readonly name: string;
}

/** The job store of a simulation: calls take effect in it, and the auditor reads its contents. */
export interface SimulatedStore {
  /** Lets a call take effect at once. `effect` is its effect in memory. */
  take<T>(call: Call, effect: () => T): T;
  contents(): Contents;
  /** Whether it is near its leaders: they plan ahead then, as they do in memory, and read ahead otherwise. */
  readonly isNear: boolean;
  /** Returns the keys that should be gone when no job and no run is left. */
  left(): readonly string[];
}

/** Opens the job store of a new simulation. The rest of the cluster is in memory. */
export type OpenStore = (
  cluster: MemoryCluster,
  now: () => number,
  formatsOf: (process: string) => Formats,
) => SimulatedStore;

/** The store did something that no store may do. */
export class StoreFault extends Error {}

const memoryStore = (cluster: MemoryCluster, isNear: boolean): SimulatedStore => ({
  take: (_, effect) => effect(),
  contents: () => cluster.contents(JOB_STORE),
  left: () => [],
  isNear,
});

const openMemoryStore: OpenStore = (cluster) => memoryStore(cluster, true);

/** Every second seed plays leaders that plan ahead; the others play leaders that read ahead, as on Redis. */
export const memoryStoreOf = (seed: number): OpenStore => (seed % 2 === 0 ? openMemoryStore : openMemoryAsRedis);

/** Opens a store in memory that does no more than the one in Redis: a seed plays the same in both. */
export const openMemoryAsRedis: OpenStore = (cluster) => ({
  ...memoryStore(cluster, false),
  take: ({ method }, effect) => {
    const answer = effect();
    if (method?.name !== 'measure') return answer;
    const measure = answer as StoreMeasure;
    return measuredAlike(
      measure,
      (executor) => cluster.measureQueue(JOB_STORE, executor),
      measure.isLed,
    ) as typeof answer;
  },
});
