import type { OutboxPage, OutgoingRun } from '../../ports/term-store.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

/** Reads a page of the runs in the outbox whose time has come, those first that have waited longest. */
export function outgoing(state: StoreState, limit: number): OutboxPage {
  const runs: OutgoingRun[] = [];
  const unreadable: string[] = [];
  for (const runId of state.outbox.upTo(state.now(), limit)) {
    const run = read(state, runId);
    if (run) runs.push({ runId, executor: run.executor, priority: run.priority });
    else unreadable.push(runId);
  }
  return { runs, unreadable };
}
