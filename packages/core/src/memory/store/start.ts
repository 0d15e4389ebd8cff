import { WORKER_LOST } from '../../event/outcome.js';
import type { LedgerRun, StartOutcome, StartParams } from '../../ports/ledger.js';
import { failRest } from './outbox.js';
import type { RunRecord, StoreState } from './state.js';

/**
 * Starts a run of a delivery, if it is owed under just this delivery. A first start that comes too late misses fire times;
 * a run that keeps losing its workers is settled as an error.
 */
export function start(state: StoreState, runId: string, params: StartParams): StartOutcome {
  const now = state.now();
  const run = state.runs.get(runId);
  if (!run) return { status: 'dropped', runId };
  if (run.damaged) return { status: 'unreadable', runId };
  if (run.deliveryId !== params.deliveryId) return { status: 'dropped', runId };
  if (run.token === params.token) return { status: 'started', run: ledgerRun(run) };

  const losses = run.token === null ? run.losses : run.losses + 1;
  if (losses > params.maxWorkerLosses) {
    failRest(state, run, WORKER_LOST, now);
    state.endRun(run);
    return { status: 'ended', runId };
  }
  const missed = run.starts === 0 ? missedBy(run, now) : [];
  const [first, last] = [missed[0], missed.at(-1)];
  if (first && last) {
    const range = `"first":${first.fireTime},"last":${last.fireTime}`;
    state.publish(now, { type: 'job_missed', body: `${run.label},${range}` });
  }
  if (missed.length === run.fires.length) {
    state.endRun(run);
    return { status: 'ended', runId };
  }
  const done = missed.length > 0 ? missed.length : run.done;
  const started = { ...run, token: params.token, starts: run.starts + 1, losses, done };
  state.runs.set(runId, started);
  state.leases.set(runId, now + params.leaseMs);
  state.outbox.delete(runId);
  const told = `"workerId":${JSON.stringify(params.workerId)},"attempt":${started.starts}`;
  state.publish(now, { type: 'job_started', body: `${run.label},${told}` });
  return { status: 'started', run: ledgerRun(started) };
}

function missedBy({ fires, graceMs }: RunRecord, now: number): RunRecord['fires'] {
  return graceMs === null ? [] : fires.filter(({ dueAt }) => dueAt + graceMs < now);
}

/** What a worker is told of a run. */
function ledgerRun({ runId, jobId, executor, fires, done, starts, label, json }: RunRecord): LedgerRun {
  return { runId, jobId, executor, fires, done, starts, label, json };
}
