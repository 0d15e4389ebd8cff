import { labelText, settlementText } from '../../event/run-texts.js';
import type { Settlement, SettleOutcome } from '../../ports/ledger.js';
import type { EventText } from '../message.js';
import { ExecutedBody } from '../run-bodies.js';
import { conclude } from './lib/instances.js';
import * as life from './lib/life.js';
import { settleFire, settleRest } from './lib/outcome.js';
import type { RunRecord } from './lib/record.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

type Retry = Extract<Settlement, { readonly outcome: 'retry' }>;

/** A retry is at most a year away. */
const LONGEST_MS = 365 * 86_400_000;

/**
 * Settles executions: publishes and keeps the outcome. The last outcome of a run takes it out of the ledger. An execution that is to be tried again
 * goes back to the outbox instead, and keeps its instance.
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
  const { token, index, outcome } = settlement;
  const run = read(state, settlement.run.runId);
  if (run?.token !== token || run.done !== index) return 'void';
  if (settlement.outcome === 'retry' && !run.cancelled) {
    putOff(state, run, settlement, now);
    return 'settled';
  }

  const isOver = outcome === 'executed' || outcome === 'error';
  const next = isOver ? index + 1 : index;
  if (isOver) {
    settleFire(state, run, index, { outcome, body: bodyOf(state, settlement), now });
    if (next < run.fires.length && !run.cancelled) {
      life.advance(state, run);
      return 'settled';
    }
  }
  settleRest(state, run, next, { outcome: 'cancelled' }, now);
  conclude(state, run, now);
  return outcome !== 'cancelled' && next < run.fires.length ? 'cancelled' : 'settled';
}

function bodyOf({ alias }: StoreState, settlement: Settlement): EventText['body'] {
  if (settlement.outcome !== 'executed') return settlementText(alias, settlement);
  const { run, index, fireTime, value } = settlement;
  return new ExecutedBody(run.label ?? labelText(alias, run), { runId: run.runId, index, fireTime, value });
}

/** Puts back a run whose execution failed: it is delivered again later, and keeps its instance. */
function putOff(state: StoreState, run: RunRecord, settlement: Retry, now: number): void {
  const at = retryTime(settlement, now);
  state.publishText(now, { type: 'job_retrying', body: `${settlementText(state.alias, settlement)},"retryAt":${at}` });
  life.retry(state, run, at);
  state.wake(at);
}

function retryTime({ delayMs = 0, retryAt }: Retry, now: number): number {
  return retryAt === undefined ? now + delayMs : Math.max(now, Math.min(retryAt, now + LONGEST_MS));
}
