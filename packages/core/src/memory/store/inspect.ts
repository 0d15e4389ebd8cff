import type { LookParams, StoreLook } from '../../ports/store-look.js';
import type { StoreState } from './state.js';

/** Looks at the store as a whole. */
export function inspect(state: StoreState, params: LookParams): StoreLook {
  const now = state.now();
  // Leases and signs of life go by the time of upkeep; people ask for the time of day.
  const behindMs = now - state.upkeepNow();
  const ledUntil = state.lock && state.lock.expiresAt + behindMs;
  return {
    now,
    ledUntil: ledUntil !== null && ledUntil > now ? ledUntil : null,
    epoch: state.epoch,
    paused: state.paused,
    counts: {
      jobs: state.jobs.size,
      schedule: state.schedule.size,
      outbox: state.outbox.size,
      runs: state.runs.size,
      leases: state.leases.size,
      quarantine: state.quarantine.size,
    },
    nextDueAt: state.schedule.scoreAt(0),
    outboxAt: state.outbox.scoreAt(0),
    workers: state.workers.upTo(Number.POSITIVE_INFINITY, state.workers.size).map((workerId) => ({
      workerId,
      heardAt: (state.workers.score(workerId) ?? state.upkeepNow()) + behindMs,
      json: state.workersInfo.get(workerId) ?? null,
    })),
    runs: [...state.runs.values()].slice(0, params.runs).map(({ runId, executor, label, damaged }) => ({
      runId,
      executor: damaged ? '' : executor,
      label: damaged ? '' : label,
    })),
    quarantined: [...state.quarantine].slice(0, params.quarantined).map(([id, json]) => {
      const { why, at } = JSON.parse(json) as { why: string; at: number };
      return { id, json: JSON.stringify({ why, at }) };
    }),
  };
}
