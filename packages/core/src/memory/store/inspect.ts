import type { LookParams, StoreLook } from '../../ports/store-look.js';
import type { StoreState } from './state.js';

/** Looks at the store as a whole. */
export function inspect(state: StoreState, params: LookParams): StoreLook {
  const now = state.now();
  const { lock } = state;
  return {
    now,
    ledUntil: lock && lock.expiresAt > now ? lock.expiresAt : null,
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
      heardAt: state.workers.score(workerId) ?? now,
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
