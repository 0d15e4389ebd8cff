import type { Contracts, UnservedExecutor } from '@carillon/core';
import type { WorkerInfo } from '@carillon/core/internal';
import type { Executor } from './executors/executors.js';

/** Shorter outages are not reported to the job store. */
const GRACE_MS = 5_000;

export interface WorkerInfoParts {
  readonly workerId: string;
  readonly executors: readonly (Pick<Executor, 'alias' | 'kind' | 'concurrency'> & {
    readonly durations: Pick<Executor['durations'], 'meanMs'>;
  })[];
  readonly tasks: readonly string[];
  /** The contracts of its tasks' arguments. */
  readonly contracts?: Contracts | undefined;
  readonly leaseMs: number;
  readonly unserved: readonly UnservedExecutor[];
  /** By the worker's clock, ms. */
  readonly now: number;
}

/** The record of a worker in a job store, for leaders and for clients that list workers. */
export function workerInfo(parts: WorkerInfoParts): WorkerInfo {
  const { workerId, executors, tasks, contracts = {}, leaseMs, unserved, now } = parts;
  // For how long, and not since when: the clock of the job store is another one.
  const out = unserved.flatMap(({ executor, reason, why, since }) => {
    const forMs = Math.round(now - since.getTime());
    return forMs >= GRACE_MS ? { executor, reason, forMs, why } : [];
  });
  const served = executors.map((executor) => ({ ...servedAs(executor), meanMs: rounded(executor.durations.meanMs) }));
  const optional = {
    ...(Object.keys(contracts).length > 0 && { contracts }),
    ...(out.length > 0 && { unserved: out }),
  };
  const info = { executors: served, tasks, leaseMs, ...optional };
  return { workerId, json: JSON.stringify(info) };
}

/** The record of an executor that a worker serves. */
export function servedAs({ alias, kind, concurrency }: Pick<Executor, 'alias' | 'kind' | 'concurrency'>) {
  return { alias, kind, concurrency };
}

/** Rounds to microseconds. */
function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1_000) / 1_000;
}
