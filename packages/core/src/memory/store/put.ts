import type { JobChange, Pending, PutOutcome, PutParams } from '../../ports/job-records.js';
import { noteChange, noteEnd, noteEvent, noteReturn } from './lib/account.js';
import { limitsSaid, setLimits } from './lib/bounded.js';
import { meter } from './lib/metered.js';
import type { StoreState } from './state.js';

/** How long after a call has read the store's clock it may write, ms. */
export const MAX_READING_AGE_MS = 10_000;

/**
 * Adds, replaces or removes jobs. New jobs are added all together, or nothing is written. Each existing job is changed on its own, if it is still
 * as it was read.
 */
export function put(state: StoreState, { op, readAt, changes }: PutParams): PutOutcome {
  const now = state.now();
  const answered = state.puts.get(op, now);
  if (answered) return { status: 'done', left: answered };
  if (now - readAt > MAX_READING_AGE_MS) return { status: 'stale' };
  const left = changes.flatMap((change, place) => (isAsRead(state, change, now) ? [] : place));
  if (left.some((place) => changes[place]?.expected.rev === null)) return { status: 'changed' };

  const made = changes.filter((_, place) => !left.includes(place));
  const wasAnyHeld = made.some(({ id }) => state.held.has(id));
  const dues = made.flatMap((change) => write(state, change, now) ?? []);
  state.puts.set(op, left, now);
  wakeForSoonest(state, dues, wasAnyHeld);
  return { status: 'done', left };
}

function isAsRead(state: StoreState, { id, expected }: JobChange, now: number): boolean {
  const record = state.jobs.get(id);
  if (expected.rev === null) return !record && (state.tombstones.get(id, now) ?? null) === expected.tombstone;
  if (expected.rev === 'unreadable') return record ? record.damaged : state.schedule.score(id) !== undefined;
  if (!record || record.damaged || record.rev !== expected.rev) return false;
  return expected.dueAt === 'any' || (state.schedule.score(id) ?? null) === expected.dueAt;
}

/** Accounts for a change before it is made. `kept`: the fire time that stays pending; undefined if it does not stay. */
function noteBefore(
  state: StoreState,
  { id, record, account, events }: JobChange,
  kept: number | null | undefined,
  now: number,
): void {
  const old = state.jobs.get(id);
  for (const event of events) if (event.type === 'job_missed') noteEvent(state, id, 'm', event, now);
  if (record && account === undefined) noteReturn(state, id);
  else if (account !== undefined && record) {
    const change = kept === undefined ? account : `${account.slice(0, -1)},"first":${kept}}`;
    noteChange(state, id, old, change, now);
  } else if (account !== undefined) noteEnd(state, id, old, account, now);
}

/** Writes a change. Returns the instant at which the job is due if the leader may not expect it; else null. */
function write(state: StoreState, change: JobChange, now: number): number | null {
  const { id, expected, record, tombstone, events } = change;
  state.rev += 1;
  const old = state.jobs.get(id);
  const isKept = record?.pending === 'kept';
  const kept = isKept ? pendingOf(state, id) : undefined;
  noteBefore(state, change, kept, now);
  if (expected.rev !== null && !isKept) state.cursor.delete(id);
  if (!record || (expected.rev === null && expected.tombstone !== null)) state.tombstones.delete(id);
  if (record) {
    const { digest, json, newGeneration } = record;
    const generation = newGeneration || !old || old.damaged ? state.rev : old.generation;
    const order = old?.order ?? state.nextOrder();
    state.jobs.set(id, { damaged: false, order, rev: state.rev, generation, digest, json });
  } else {
    state.jobs.delete(id);
    state.last.delete(id);
    if (tombstone !== undefined) state.tombstones.set(id, tombstone, now);
  }
  meter(state, id, old, now);
  if (record) setLimits(state.accounts, id, limitsSaid(record.json));
  schedule(state, id, record?.pending ?? null);
  const wasHeld = state.held.delete(id);
  const dueAt = state.schedule.score(id) ?? null;
  const more = isKept && { nextRunTime: kept };
  for (const { type, about } of events) state.publish(now, { type, about: more ? { ...about, ...more } : about });
  return wasHeld || !isKept ? dueAt : null;
}

/** The fire time that is pending; null if the job is paused. */
function pendingOf(state: StoreState, id: string): number | null {
  const dueAt = state.schedule.score(id);
  return dueAt === undefined ? null : (state.cursor.get(id) ?? dueAt);
}

function schedule(state: StoreState, id: string, pending: Pending | 'kept' | null): void {
  if (pending === 'kept') return;
  if (!pending) {
    state.schedule.delete(id);
    return;
  }
  const { dueAt, fireTime } = pending;
  state.schedule.set(id, dueAt);
  if (dueAt !== fireTime) state.cursor.set(id, fireTime);
}

function wakeForSoonest(state: StoreState, dues: readonly number[], wasAnyHeld: boolean): void {
  const head = state.schedule.scoreAt(0);
  if (dues.length === 0 || head === null) return;
  const soonest = Math.min(...dues);
  if (wasAnyHeld || head >= soonest) state.wake(soonest);
}
