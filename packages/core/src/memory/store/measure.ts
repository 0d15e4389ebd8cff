import type { MeasureParams, StoreMeasure } from '../../ports/store-measure.js';
import type { ExecutorQueues } from '../delivery-queue.js';
import type { StoreState } from './state.js';

/** Reads the measures of the store. */
export function measure(state: StoreState, queues: ExecutorQueues, params: MeasureParams): StoreMeasure {
  const now = state.now();
  const behindMs = now - state.upkeepNow();
  const isLed = state.lock !== null && state.lock.expiresAt + behindMs > now;
  const workers = state.workers.upTo(Number.POSITIVE_INFINITY, state.workers.size).map((workerId) => ({
    workerId,
    heardAt: (state.workers.score(workerId) ?? state.upkeepNow()) + behindMs,
    json: state.workersInfo.get(workerId) ?? null,
  }));
  const ofRuns = [...state.runs.values()].flatMap(({ damaged, executor }) => (damaged ? [] : executor));
  const executors = [...new Set([...workers.flatMap(({ json }) => servedBy(json)), ...params.executors, ...ofRuns])];
  return {
    ...{ now, isLed, epoch: state.epoch, paused: state.paused, workers },
    counts: {
      jobs: state.jobs.size,
      schedule: state.schedule.size,
      runs: state.runs.size,
      outbox: state.outbox.size,
      leases: state.leases.size,
      waiting: state.waiting.size,
      quarantine: state.quarantine.size,
    },
    nextDueAt: state.schedule.scoreAt(0),
    outboxAt: state.outbox.scoreAt(0),
    events: state.published,
    coordinators: [...state.coordinators.values()]
      .filter(({ aliveUntil }) => aliveUntil > state.upkeepNow())
      .map(({ coordinatorId, epoch }) => ({
        coordinatorId,
        leads: isLed && epoch !== null && epoch === state.epoch,
      })),
    executors: executors.map((executor) => ({ executor, ...queues.get(executor).measure() })),
    metered: state.metered.size,
    jobs: state.metered
      .upTo(Number.POSITIVE_INFINITY, params.jobs)
      .filter((id) => state.jobs.has(id))
      .map((id) => ({
        id,
        nextFireTime: state.cursor.get(id) ?? state.schedule.score(id) ?? null,
        last: state.last.get(id) ?? null,
      })),
  };
}

function servedBy(json: string | null): string[] {
  const info: unknown = JSON.parse(json ?? 'null');
  const { executors = [] } = (info ?? {}) as { readonly executors?: readonly { readonly alias: string }[] };
  return executors.map(({ alias }) => alias);
}
