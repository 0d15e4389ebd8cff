import { lastBeside, quarantinedOf } from '../../job/quarantined.js';
import type { RestoreOutcome, RestoreParams } from '../../ports/job-records.js';
import { noteRestored } from './lib/account.js';
import { limitsSaid, setLimits } from './lib/bounded.js';
import { meter } from './lib/metered.js';
import type { StoreState } from './state.js';

/** Puts a job from the quarantine back as it was. */
export function restoreJob(state: StoreState, { op, name, id, event }: RestoreParams): RestoreOutcome {
  const now = state.now();
  if (state.announced.get(op, now)) return 'restored';
  const json = state.quarantine.get(name);
  if (json === undefined) return 'gone';
  const { raw, job } = quarantinedOf(name, json);
  if (!job?.pending || raw === null) return 'unfit';
  if (state.jobs.has(id) || state.schedule.score(id) !== undefined) return 'exists';
  const { fireTime, dueAt } = job.pending;
  const order = state.nextOrder();
  state.rev += 1;
  if ('why' in job) {
    state.jobs.set(id, { damaged: true, order });
  } else {
    const { rev, generation, digest, json: record } = job;
    state.jobs.set(id, { damaged: false, order, rev, generation, digest, json: record });
  }
  const last = lastBeside(json);
  if (last !== null) state.last.set(id, last);
  meter(state, id, undefined, now);
  setLimits(state.accounts, id, limitsSaid(raw.replace(/^\d+ \d+ \S+ /, '')));
  state.schedule.set(id, dueAt);
  if (fireTime !== dueAt) state.cursor.set(id, fireTime);
  noteRestored(state, id, now);
  state.tombstones.delete(id);
  state.quarantine.delete(name);
  state.publish(now, event);
  state.announced.set(op, 'done', now);
  state.wake(dueAt);
  return 'restored';
}
