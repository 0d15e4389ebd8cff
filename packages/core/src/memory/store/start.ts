import { WORKER_LOST } from '../../event/outcome.js';
import { missedAtStart } from '../../job/missed.js';
import type { StartOutcome, StartParams } from '../../ports/ledger.js';
import { StartedBody } from '../run-bodies.js';
import { conclude } from './lib/instances.js';
import * as life from './lib/life.js';
import { noteFires, publishKept, settleRest } from './lib/outcome.js';
import { ledgerRun, type RunRecord } from './lib/record.js';
import type { StoreState } from './state.js';

/**
 * Starts a run of a delivery, if it is owed under this very delivery. A run that is to be cancelled ends. A first start that is too late misses
 * fire times. A run that keeps losing its workers is settled as an error.
 */
export function start(state: StoreState, runId: string, params: StartParams): StartOutcome {
  const now = state.now();
  const run = state.runs.get(runId);
  if (!run) return { status: 'dropped', runId };
  if (run.newer) return { status: 'newer', runId };
  if (run.damaged) return { status: 'unreadable', runId };
  if (run.deliveryId !== params.deliveryId) return { status: 'dropped', runId };
  if (run.token === params.token) return { status: 'started', run: ledgerRun(run) };

  const ended = { status: 'ended', runId } as const;
  if (run.cancelled) {
    settleRest(state, run, run.done, { outcome: 'cancelled' }, now);
    conclude(state, run, now);
    return ended;
  }
  const losses = run.token === null ? run.losses : run.losses + 1;
  if (losses > params.maxWorkerLosses) {
    settleRest(state, run, run.done, { outcome: 'error', error: WORKER_LOST }, now);
    conclude(state, run, now);
    return ended;
  }
  const missed = run.starts === 0 ? miss(state, run, now) : 0;
  if (missed === run.fires.length) {
    conclude(state, run, now);
    return ended;
  }
  const done = missed > 0 ? missed : run.done;
  const owed = losses === run.losses && done === run.done ? run : { ...run, losses, done };
  const started = life.start(state, owed, params.token, state.upkeepNow() + params.leaseMs);
  const body = new StartedBody(run.label, params.workerId, started.starts);
  state.publishText(now, { type: 'job_started', body });
  return { status: 'started', run: ledgerRun(started) };
}

/** Settles the fire times whose grace is over. Returns how many. */
function miss(state: StoreState, run: RunRecord, now: number): number {
  const missed = missedAtStart(run, now);
  const [first, last] = [missed[0], missed.at(-1)];
  if (!first || !last) return 0;
  const body = `${run.label},"first":${first.fireTime},"last":${last.fireTime}`;
  publishKept(state, run, { type: 'job_missed', body }, now);
  noteFires(state, run, 'm', [0, missed.length], now);
  return missed.length;
}
