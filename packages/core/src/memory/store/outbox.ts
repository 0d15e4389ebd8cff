import type { DeliveredRun, OutboxPage, OutgoingRun } from '../../ports/term-store.js';
import { finish } from './finish.js';
import type { StoreState } from './state.js';
import { tellFrom } from './tell.js';

/** Gives runs in the outbox whose time has come a delivery id each. They stay in the outbox until they are queued. */
export function deliver(state: StoreState, limit: number, nonce: string): OutboxPage {
  const runs: OutgoingRun[] = [];
  const unreadable: string[] = [];
  for (const [index, runId] of state.outbox.upTo(state.now(), limit).entries()) {
    const run = state.run(runId);
    const deliveryId = `d${nonce}-${index + 1}`;
    if (!run) {
      unreadable.push(runId);
      continue;
    }
    state.runs.set(runId, { ...run, deliveryId });
    runs.push({ runId, deliveryId, executor: run.executor, priority: run.priority });
  }
  return { runs, unreadable };
}

/** Takes runs out of the outbox that were queued, unless the ledger names another delivery by now. */
export function delivered(state: StoreState, runs: readonly DeliveredRun[]): void {
  for (const { runId, deliveryId } of runs) {
    const run = state.runs.get(runId);
    if (!run || (!run.damaged && run.deliveryId === deliveryId)) state.outbox.delete(runId);
  }
}

/** Settles a run that its queue refuses as an error, or as cancelled where it was to be, once for each fire time that is left. */
export function refuse(state: StoreState, { runId, deliveryId }: DeliveredRun, error: string): void {
  const now = state.now();
  const run = state.run(runId);
  if (run?.deliveryId !== deliveryId || run.token !== null) return;
  tellFrom(state, run, run.done, run.cancelled ? { outcome: 'cancelled' } : { outcome: 'error', error }, now);
  finish(state, run, now);
}
