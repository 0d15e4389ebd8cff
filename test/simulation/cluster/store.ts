import type { StoreMeasure } from '@carillon/core';
import type { Formats, JobStore } from '@carillon/core/internal';
import type { Contents, MemoryCluster } from '@carillon/core/memory';
import { measuredAlike } from './measured.js';
import type { Call } from './wire.js';

export const JOB_STORE = 'default';

/** A method of a job store: each takes one argument at most. */
export interface StoreMethod {
  readonly role: Exclude<keyof JobStore, 'alias'>;
  readonly name: string;
}

/** The job store of a simulation: where calls take effect, and what an auditor sees of it. */
export interface SimulatedStore {
  /** Lets a call take effect, at once. `effect` is what it does in memory. */
  take<T>(call: Call, effect: () => T): T;
  contents(): Contents;
  /** Whether leaders plan ahead, as they do in memory. */
  readonly plansAhead: boolean;
  /** What is there for nothing, where no job and no run is left. */
  left(): readonly string[];
}

/** Opens the job store of a new simulation; everything else of the cluster is in memory. */
export type OpenStore = (
  cluster: MemoryCluster,
  now: () => number,
  formatsOf: (process: string) => Formats,
) => SimulatedStore;

/** The store did what none may do. */
export class StoreFault extends Error {}

const memoryStore = (cluster: MemoryCluster, plansAhead: boolean): SimulatedStore => ({
  take: (_, effect) => effect(),
  contents: () => cluster.contents(JOB_STORE),
  left: () => [],
  plansAhead,
});

export const openMemoryStore: OpenStore = (cluster) => memoryStore(cluster, true);

/** In memory, but asked no more than Redis is: a seed goes in both alike. */
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
