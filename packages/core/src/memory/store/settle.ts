import type { Settlement, SettleOutcome } from '../../ports/ledger.js';
import { finish } from './finish.js';
import { settleFire } from './outcome.js';
import { putOff } from './put-off.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';
import { tellFrom } from './tell.js';

/**
 * Settles executions: the outcome is published and kept; a run's last one takes it out of the ledger. One that is to be tried
 * again goes back to the outbox instead, and keeps its instance.
 */
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
  if (outcome === 'retry' && !run.cancelled) {
    putOff(state, run, settlement, now);
    return 'settled';
  }
  if (outcome === 'cancelled' || outcome === 'retry') {
    end(state, run, index, now);
    return outcome === 'retry' ? 'cancelled' : 'settled';
  }

  settleFire(state, run, index, { outcome, body: event.body, now });
  const done = index + 1;
  if (done < run.fires.length && !run.cancelled) {
    state.runs.set(runId, { ...run, done, starts: 1, losses: 0, tries: 0 });
    return 'settled';
  }
  end(state, run, done, now);
  return done < run.fires.length ? 'cancelled' : 'settled';
}

/** Takes a run out of the ledger; what is left of it is cancelled. */
function end(state: StoreState, run: RunRecord, from: number, now: number): void {
  tellFrom(state, run, from, { outcome: 'cancelled' }, now);
  finish(state, run, now);
}
