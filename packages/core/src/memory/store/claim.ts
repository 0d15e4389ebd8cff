import type { NewRun } from '../../ports/ledger.js';
import type { Claim, ClaimOutcome, ClaimStatus } from '../../ports/term-store.js';
import { isReadable } from '../../run/record.js';
import { noteEnd, noteEvent, noteRange } from './lib/account.js';
import { enter } from './lib/instances.js';
import { meter } from './lib/metered.js';
import { newRecord } from './lib/record.js';
import type { StoreState } from './state.js';

/** The first run that could not be read back. No store is called with it, whatever the store would return. */
export function refused(claims: readonly Claim[]): Extract<ClaimOutcome, { readonly refused: string }> | null {
  const found = claims.find(({ run }) => run && !isReadable(run));
  return found?.run ? { refused: found.run.runId } : null;
}

/** Turns due jobs into owed runs, and sets the next fire of each job. A job that was changed meanwhile is skipped. */
export function claim(state: StoreState, claims: readonly Claim[]): ClaimOutcome {
  if (state.paused) return 'paused';
  const now = state.now();
  return claims.map((one) => (isAsRead(state, one, now) ? claimOne(state, one, now) : 'skipped'));
}

function isAsRead(state: StoreState, { id, expected }: Claim, now: number): boolean {
  const job = state.jobs.get(id);
  if (!job || job.damaged || job.rev !== expected.rev) return false;
  return state.schedule.score(id) === expected.dueAt && (state.held.get(id) ?? 0) <= now;
}

function claimOne(state: StoreState, one: Claim, now: number): ClaimStatus {
  const { run, deliveryId, events } = one;
  if (events.missed !== null) {
    state.publish(now, events.missed);
    noteEvent(state, one.id, 'm', events.missed, now);
  }
  if (run?.coalesced) noteCoalesced(state, one.id, run, run.coalesced, now);
  const entered =
    run && !state.runs.has(run.runId)
      ? enter(state, newRecord(state.alias, run, state.nextOrder(), deliveryId), now)
      : null;
  goOn(state, one, now);
  return entered === 'submitted' ? entered : 'claimed';
}

function noteCoalesced(
  state: StoreState,
  id: string,
  { fires }: NewRun,
  { first, last }: NonNullable<NewRun['coalesced']>,
  now: number,
): void {
  noteRange(state, id, 'o', { first, last, into: fires[0]?.fireTime ?? last }, now);
}

/** Moves a job on to its next fire, or out of the store if there is none. */
function goOn(state: StoreState, { id, next, tombstone, events }: Claim, now: number): void {
  state.cursor.delete(id);
  if (next) {
    state.schedule.set(id, next.dueAt);
    if (next.dueAt !== next.fireTime) state.cursor.set(id, next.fireTime);
    return;
  }
  const before = state.jobs.get(id);
  noteEnd(state, id, before, '{"what":"finished"}', now);
  state.jobs.delete(id);
  meter(state, id, before, now);
  state.last.delete(id);
  state.schedule.delete(id);
  if (tombstone !== null) state.tombstones.set(id, tombstone, now);
  if (events.removed) state.publish(now, events.removed);
}
