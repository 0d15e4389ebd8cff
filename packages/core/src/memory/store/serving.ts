import type { ServingLook } from '../../ports/term-store.js';
import type { ExecutorQueues } from '../delivery-queue.js';
import type { StoreState } from './state.js';

/** Reads the workers, and which of these executors have limits in the whole cluster. */
export function serving(state: StoreState, queues: ExecutorQueues, executors: readonly string[]): ServingLook {
  const now = state.now();
  // Signs of life are in the time of upkeep.
  const behindMs = now - state.upkeepNow();
  return {
    now,
    workers: state.workers.upTo(Number.POSITIVE_INFINITY, state.workers.size).map((workerId) => ({
      workerId,
      heardAt: (state.workers.score(workerId) ?? state.upkeepNow()) + behindMs,
      json: state.workersInfo.get(workerId) ?? null,
    })),
    limited: executors.filter((executor) => queues.get(executor).look(executor) !== null),
  };
}
