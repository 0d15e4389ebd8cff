import type { Settlement, SettleOutcome } from '../../ports/ledger.js';
import { finish } from './finish.js';
import { conclude } from './outcome.js';
import { putOff } from './put-off.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';
import { tellFrom } from './tell.js';

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
  if (outcome !== 'retry') {
    conclude(state, run, index, { outcome, event, now });
    if (outcome === 'cancelled' || run.cancelled) end(state, run, index + 1, now);
    else goOn(state, run, now);
  } else if (run.cancelled) {
    end(state, run, index, now);
  } else {
    putOff(state, run, settlement, now);
  }
  return 'settled';
}

/** What is left of it is cancelled. */
function end(state: StoreState, run: RunRecord, from: number, now: number): void {
  tellFrom(state, run, from, { outcome: 'cancelled' }, now);
  finish(state, run, now);
}

/** To its next fire time, in the same start, or out of the ledger. */
function goOn(state: StoreState, run: RunRecord, now: number): void {
  const done = run.done + 1;
  if (done < run.fires.length) state.runs.set(run.runId, { ...run, done, starts: 1, losses: 0, tries: 0 });
  else finish(state, run, now);
}
