import type { RunRoute } from '../../ports/ledger.js';
import type { OutboxPage } from '../../ports/term-store.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

const MOST_NEWER = 100;

/**
 * Reads a page of the runs in the outbox whose time has come. Those that have waited longest are first. Runs that a newer release wrote do not
 * count for the page, so they hide no other run.
 */
export function outbox(state: StoreState, limit: number): OutboxPage {
  const runs: RunRoute[] = [];
  const unreadable: string[] = [];
  const newer: string[] = [];
  for (const runId of state.outbox.upTo(state.now(), state.outbox.size)) {
    if (runs.length + unreadable.length === limit) break;
    const run = read(state, runId);
    if (state.runs.get(runId)?.newer) newer.push(runId);
    else if (run) runs.push({ runId, executor: run.executor, priority: run.priority });
    else unreadable.push(runId);
  }
  return { runs, unreadable, newer: newer.slice(0, MOST_NEWER) };
}
