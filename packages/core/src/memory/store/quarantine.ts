import type { EventDraft } from '../../ports/event-draft.js';
import type { QuarantinedRecord } from '../../ports/term-store.js';
import { countAnew } from './instances.js';
import { promote } from './promote.js';
import type { StoreState } from './state.js';

/** Moves a record that cannot be read out of the way, as it is, with why. */
export function quarantine(state: StoreState, record: QuarantinedRecord, event: EventDraft): void {
  const now = state.now();
  const moved = record.kind === 'job' ? takeJob(state, record.id, record.dueAt) : takeRun(state, record.id);
  if (!moved) return;
  state.quarantine.set(record.id, JSON.stringify({ why: record.why, at: now, raw: moved.raw }));
  state.publish(now, { type: 'job_quarantined', body: event.body });
  if (record.kind === 'job') return;
  countAnew(state);
  for (const jobId of [...state.waiting.keys()]) promote(state, jobId, now);
}

type Taken = { readonly raw: unknown } | null;

/** A job that is still due at this instant. */
function takeJob(state: StoreState, id: string, dueAt: number): Taken {
  if (state.schedule.score(id) !== dueAt) return null;
  const raw = state.jobs.get(id) ?? null;
  state.jobs.delete(id);
  state.schedule.delete(id);
  state.cursor.delete(id);
  state.last.delete(id);
  return { raw };
}

/** A run whose record is damaged, or gone and yet expected somewhere. */
function takeRun(state: StoreState, id: string): Taken {
  const raw = state.runs.get(id) ?? null;
  const isExpected = state.outbox.score(id) !== undefined || state.leases.score(id) !== undefined;
  if (raw ? !raw.damaged : !isExpected) return null;
  state.runs.delete(id);
  state.outbox.delete(id);
  state.leases.delete(id);
  state.progress.delete(id);
  for (const [jobId, runId] of state.waiting) if (runId === id) state.waiting.delete(jobId);
  return { raw };
}
