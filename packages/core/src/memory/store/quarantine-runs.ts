import type { DamagedRun } from '../../ports/term-store.js';
import { byBytes } from '../sorted-set.js';
import { setAside } from './lib/aside.js';
import { admitWaiting } from './lib/instances.js';
import * as life from './lib/life.js';
import type { StoreState } from './state.js';

/**
 * Moves the records of runs to the quarantine if they cannot be read, or if they are missing though another key expects them. Such a record does
 * not show whose instance the run took, so all instances are counted again.
 */
export function quarantineRuns(state: StoreState, runs: readonly DamagedRun[]): void {
  const now = state.now();
  const moved = new Set(runs.filter((run) => quarantineRun(state, run, now)).map(({ id }) => id));
  if (moved.size === 0) return;
  life.recount(state);
  for (const jobId of [...state.waiting.keys()].sort(byBytes)) {
    if (moved.has(state.waiting.get(jobId) ?? '')) life.unwait(state, jobId);
    admitWaiting(state, jobId, now);
  }
}

function quarantineRun(state: StoreState, { id, why, event }: DamagedRun, now: number): boolean {
  const run = state.runs.get(id) ?? null;
  const isExpected = state.outbox.score(id) !== undefined || state.leases.score(id) !== undefined;
  if (run ? !run.damaged || run.newer : !isExpected) return false;
  setAside(state, id, { why, raw: run && 'a run' }, now);
  life.drop(state, id);
  state.publish(now, event);
  return true;
}
