import type { MeasuredExecutor, StoreMeasure } from '@carillon/core';

/** How far the queue of an executor is used up. */
type QueueOf = (executor: string) => Omit<MeasuredExecutor, 'executor'>;

/**
 * A measure as Redis and memory return it alike: lock and queues are in memory, and lists are in no order. Who leads is left out, as Redis
 * says that by its lock.
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
