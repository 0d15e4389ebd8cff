import type { JobChange, PutOutcome, PutParams } from '../../ports/job-records.js';
import type { StoreState } from './state.js';

const MAX_READING_AGE_MS = 10_000;

/** Adds, replaces or removes jobs: all of them, or none if one is no longer what was read. */
export function put(state: StoreState, { op, readAt, changes }: PutParams): PutOutcome {
  const now = state.now();
  const answered = state.puts.get(op, now);
  if (answered) return { status: answered };
  if (now - readAt > MAX_READING_AGE_MS) return { status: 'changed' };
  if (!changes.every((change) => isAsRead(state, change, now))) return { status: 'changed' };

  for (const change of changes) write(state, change, now);
  state.puts.set(op, 'done', now);
  wakeForSoonest(state, changes);
  return { status: 'done' };
}

function isAsRead(state: StoreState, { id, expected }: JobChange, now: number): boolean {
  const record = state.jobs.get(id);
  if (expected.rev === null) return !record && (state.tombstones.get(id, now) ?? null) === expected.tombstone;
  return (
    record !== undefined &&
    !record.damaged &&
    record.rev === expected.rev &&
    (state.schedule.score(id) ?? null) === expected.dueAt
  );
}

function write(state: StoreState, { id, expected, record, tombstone, events }: JobChange, now: number): void {
  state.rev += 1;
  const old = state.jobs.get(id);
  if (old) state.cursor.delete(id);
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
  if (record?.pending) {
    const { dueAt, fireTime } = record.pending;
    state.schedule.set(id, dueAt);
    if (dueAt !== fireTime) state.cursor.set(id, fireTime);
  } else {
    state.schedule.delete(id);
  }
  for (const event of events) state.publish(now, event);
}

function wakeForSoonest(state: StoreState, changes: readonly JobChange[]): void {
  const dues = changes.flatMap(({ record }) => record?.pending?.dueAt ?? []);
  const head = state.schedule.scoreAt(0);
  if (dues.length === 0 || head === null) return;
  const soonest = Math.min(...dues);
  if (head >= soonest) state.wake(soonest);
}
