import type { EventDraft } from '../../ports/event-draft.js';
import type { QuarantinedRecord } from '../../ports/term-store.js';
import type { StoreState } from './state.js';

/** Moves a record that cannot be read out of the way, as it is, with why. */
export function quarantine(state: StoreState, record: QuarantinedRecord, event: EventDraft): void {
  const { id, why } = record;
  const now = state.now();
  const score = (record.kind === 'job' ? state.schedule : state.outbox).score(id);
  if (score === undefined || (record.kind === 'job' && score !== record.dueAt)) return;
  const raw = (record.kind === 'job' ? state.jobs.get(id) : state.runs.get(id)) ?? null;
  state.quarantine.set(id, JSON.stringify({ why, at: now, raw }));
  if (record.kind === 'job') {
    state.jobs.delete(id);
    state.schedule.delete(id);
    state.cursor.delete(id);
    state.last.delete(id);
  } else {
    state.runs.delete(id);
    state.outbox.delete(id);
    state.leases.delete(id);
  }
  state.publish(now, { type: 'job_quarantined', body: event.body });
}
