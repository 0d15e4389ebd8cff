import type { MeasuredExecutor, StoreMeasure } from '@carillon/core';

/** Returns the measure of an executor's queue. */
type QueueOf = (executor: string) => Omit<MeasuredExecutor, 'executor'>;

/**
 * Returns a measure in the form that is the same for Redis and memory: lock and queues come from memory, and lists are sorted. It omits
 * which coordinator leads, as Redis reads that from its lock.
 */
export function measuredAlike(measure: StoreMeasure, queueOf: QueueOf, isLed: boolean): StoreMeasure {
  const { now, epoch, paused, counts, nextDueAt, outboxAt, metered, jobs } = measure;
  const { waiting, jobs: stored, schedule, runs, outbox, leases, quarantine } = counts;
  return {
    ...{ now, isLed, epoch, paused, nextDueAt, outboxAt, metered, jobs },
    counts: { jobs: stored, schedule, runs, outbox, leases, waiting, quarantine },
    events: sorted(measure.events, ({ type }) => type).map(({ type, count }) => ({ type, count })),
    coordinators: sorted(measure.coordinators, ({ coordinatorId }) => coordinatorId).map(({ coordinatorId }) => ({
      ...{ coordinatorId, leads: false },
    })),
    workers: sorted(measure.workers, ({ workerId }) => workerId).map(({ workerId, heardAt, json }) => ({
      ...{ workerId, heardAt, json },
    })),
    executors: sorted(measure.executors, ({ executor }) => executor).map(({ executor }) => ({
      ...{ executor, ...queueOf(executor) },
    })),
  };
}

function sorted<T>(list: readonly T[], by: (one: T) => string): T[] {
  return [...list].sort((one, other) => (by(one) < by(other) ? -1 : 1));
}
