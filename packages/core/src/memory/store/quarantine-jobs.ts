import type { DamagedJob } from '../../ports/term-store.js';
import { noteEnd, withoutStretches } from './lib/account.js';
import { setAside } from './lib/aside.js';
import { meter } from './lib/metered.js';
import type { JobRecord, StoreState } from './state.js';

/** Moves the records of jobs that cannot be read to the quarantine, as they are, with the reason. A record that changed since it was read stays. */
export function quarantineJobs(state: StoreState, jobs: readonly DamagedJob[]): void {
  for (const job of jobs) quarantineJob(state, job);
}

function quarantineJob(state: StoreState, { id, dueAt, rev, why, event }: DamagedJob): void {
  const job = state.jobs.get(id);
  const revNow = job && !job.damaged ? job.rev : null;
  if (job?.damaged && job.newer) return;
  if (state.schedule.score(id) !== dueAt || revNow !== rev) return;
  const raw = job ? recordText(job) : null;
  const fireTime = state.cursor.get(id);
  const last = state.last.get(id);
  const record = {
    raw,
    dueAt: String(dueAt),
    fireTime: fireTime === undefined ? undefined : String(fireTime),
    last: last && withoutStretches(last),
  };
  const now = state.now();
  setAside(state, id, { why, ...record }, now);
  noteEnd(state, id, job, `{"what":"quarantined","owed":${fireTime ?? dueAt}}`, now);
  state.jobs.delete(id);
  state.schedule.delete(id);
  state.cursor.delete(id);
  state.last.delete(id);
  meter(state, id, job, now);
  state.publish(now, event);
}

/** The text of a record as Redis keeps it. Nothing is left of a damaged one. */
function recordText(record: JobRecord): string {
  if (record.damaged) return 'damaged';
  return `${record.rev} ${record.generation} ${record.digest} ${record.json}`;
}
