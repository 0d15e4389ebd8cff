import { FORMATS } from '../../format.js';
import type { LookedRun, LookParams, StoreLook } from '../../ports/store-look.js';
import type { ExecutorQueues } from '../delivery-queue.js';
import type { RunRecord } from './lib/record.js';
import { stateOf } from './lib/run.js';
import type { StoreState } from './state.js';

/** Reads the state of the store as a whole. */
export function inspect(state: StoreState, queues: ExecutorQueues, params: LookParams): StoreLook {
  const now = state.now();
  // Leases and signs of life are in the time of upkeep; people expect the time of day.
  const behindMs = now - state.upkeepNow();
  const ledUntil = state.lock && state.lock.expiresAt + behindMs;
  const started = [...state.runs.values()].filter(({ runId }) => state.leases.score(runId) !== undefined);
  const sample = [...new Set([...started, ...state.runs.values()])].slice(0, params.runs);
  const executors = new Set(sample.flatMap(({ damaged, executor }) => (damaged ? [] : executor)));
  return {
    now,
    format: state.format ?? { format: FORMATS.oldest, lowest: FORMATS.oldest },
    readers: [...state.readers].map(([member, { newest }]) => ({ member, reads: newest })),
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
    runs: sample.map((run) => lookedRun(state, run, now)),
    queues: [...executors].flatMap((executor) => queues.get(executor).look(executor) ?? []),
    quarantined: [...state.quarantine].slice(0, params.quarantined).map(([id, json]) => {
      const { why, at } = JSON.parse(json) as { why: string; at: number };
      return { id, json: JSON.stringify({ why, at }) };
    }),
  };
}

function lookedRun(state: StoreState, run: RunRecord, now: number): LookedRun {
  const { runId, jobId, task, executor, fires, done, starts, maxInstances } = run;
  if (run.damaged)
    return {
      ...{ runId, executor: '', jobId: null, task: null },
      ...{ state: null, dueAt: null, starts: null, maxInstances: null },
    };
  const is = stateOf(state, run, now);
  const isUndelivered = is === 'queued' && state.outbox.score(runId) !== undefined;
  const dueAt = fires[done]?.dueAt ?? null;
  return { runId, executor, jobId, task, state: isUndelivered ? 'undelivered' : is, dueAt, starts, maxInstances };
}
