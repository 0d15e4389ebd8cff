import type { Settlement, SettleOutcome } from '../../ports/ledger.js';
import type { StoreState } from './state.js';

/** Settles executions: the outcome is published and kept; a run's last one takes it out of the ledger. */
export function settle(
  state: StoreState,
  { op, settlements }: { readonly op: string; readonly settlements: readonly Settlement[] },
): readonly SettleOutcome[] {
  const now = state.now();
  const answered = state.settles.get(op, now);
  if (answered) return answered;
  const outcomes = settlements.map((settlement) => settleOne(state, settlement, now));
  state.settles.set(op, outcomes, now);
  return outcomes;
}

function settleOne(state: StoreState, settlement: Settlement, now: number): SettleOutcome {
  const { runId, token, index, outcome, event } = settlement;
  const run = state.run(runId);
  if (run?.token !== token || run.done !== index) return 'void';
  state.publish(now, event);
  if (run.jobId !== null) keepLast(state, run.jobId, outcome, run.fires[index]?.fireTime ?? 0, now);
  const done = run.done + 1;
  if (done < run.fires.length) state.runs.set(runId, { ...run, done, losses: 0 });
  else state.endRun(run);
  return 'settled';
}

function keepLast(state: StoreState, jobId: string, outcome: string, fireTime: number, now: number): void {
  if (!state.jobs.has(jobId)) return;
  const [, executed = '0', errors = '0'] = /(\d+) (\d+)$/.exec(state.last.get(jobId) ?? '') ?? [];
  const counts = [Number(executed) + Number(outcome === 'executed'), Number(errors) + Number(outcome === 'error')];
  state.last.set(jobId, [outcome, fireTime, now, ...counts].join(' '));
}
