import type { Claim, ClaimOutcome } from '../../ports/term-store.js';
import { decodeRun, encodeRun } from '../../run/record.js';
import { enter } from './enter.js';
import type { StoreState } from './state.js';

/** Turns due jobs into runs that are owed, and sets their next fire. A job that someone changed meanwhile is skipped. */
export function claim(state: StoreState, claims: readonly Claim[]): ClaimOutcome {
  if (state.paused) return 'paused';
  for (const { run } of claims) {
    if (run && !decodeRun(run.runId, encodeRun(run))) return { refused: run.runId };
  }
  const now = state.now();
  let claimed = 0;
  for (const one of claims) {
    const job = state.jobs.get(one.id);
    if (!job || job.damaged || job.rev !== one.expected.rev) continue;
    if (state.schedule.score(one.id) !== one.expected.dueAt) continue;
    if ((state.held.get(one.id) ?? 0) > now) continue;
    claimed += 1;
    if (one.events.missed !== null) state.publish(now, { type: 'job_missed', body: one.events.missed });
    if (one.run && !state.runs.has(one.run.runId)) enter(state, one.run, now);
    goOn(state, one, now);
  }
  return claimed;
}

/** To its next fire, or out of the store. */
function goOn(state: StoreState, { id, next, tombstone, events }: Claim, now: number): void {
  state.cursor.delete(id);
  if (next) {
    state.schedule.set(id, next.dueAt);
    if (next.dueAt !== next.fireTime) state.cursor.set(id, next.fireTime);
    return;
  }
  state.jobs.delete(id);
  state.last.delete(id);
  state.schedule.delete(id);
  if (tombstone !== null) state.tombstones.set(id, tombstone, now);
  state.publish(now, { type: 'job_removed', body: events.removed ?? '' });
}
