import type { DeliveredRun, OutboxPage, OutgoingRun } from '../../ports/term-store.js';
import { finish } from './finish.js';
import type { StoreState } from './state.js';
import { tellFrom } from './tell.js';

/** Reads a page of the runs in the outbox whose time has come, those first that have waited longest. */
export function outgoing(state: StoreState, limit: number): OutboxPage {
  const runs: OutgoingRun[] = [];
  const unreadable: string[] = [];
  for (const runId of state.outbox.upTo(state.now(), limit)) {
    const run = state.run(runId);
    if (run) runs.push({ runId, executor: run.executor, priority: run.priority });
    else unreadable.push(runId);
  }
  return { runs, unreadable };
}

/** Writes the delivery ids of runs whose time has come, as far as they are still in the outbox. They stay there until they are queued. */
export function deliver(state: StoreState, runs: readonly DeliveredRun[]): readonly string[] {
  const now = state.now();
  return runs.flatMap(({ runId, deliveryId }) => {
    const run = state.run(runId);
    const from = state.outbox.score(runId);
    if (!run || from === undefined || from > now) return [];
    state.runs.set(runId, { ...run, deliveryId });
    return runId;
  });
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
