import type { DamagedJob, DamagedRun } from '../../ports/term-store.js';
import { countAnew } from './instances.js';
import { promote } from './promote.js';
import type { JobRecord, StoreState } from './state.js';

/** Moves the records of jobs that cannot be read out of the way, as they are, with why, if they are still as they were read. */
export function quarantineJobs(state: StoreState, jobs: readonly DamagedJob[]): void {
  for (const job of jobs) quarantineJob(state, job);
}

function quarantineJob(state: StoreState, job: DamagedJob): void {
  const { id, dueAt, rev } = job;
  const record = state.jobs.get(id);
  const revNow = record && !record.damaged ? record.rev : null;
  if (state.schedule.score(id) !== dueAt || revNow !== rev) return;
  const raw = record ? recordText(record) : null;
  const fireTime = state.cursor.get(id);
  const last = state.last.get(id);
  const when = { dueAt: String(dueAt), fireTime: fireTime === undefined ? undefined : String(fireTime), last };
  state.jobs.delete(id);
  state.schedule.delete(id);
  state.cursor.delete(id);
  state.last.delete(id);
  keep(state, job, { raw, ...when });
}

/** As a Redis keeps it; of a damaged one nothing is left. */
function recordText(record: JobRecord): string {
  if (record.damaged) return 'damaged';
  return `${record.rev} ${record.generation} ${record.digest} ${record.json}`;
}

/**
 * Moves the records of runs that cannot be read, or are gone and yet expected somewhere, out of the way. Nothing in them tells any
 * more whose instances they took: all are counted anew.
 */
export function quarantineRuns(state: StoreState, runs: readonly DamagedRun[]): void {
  const moved = runs.filter((run) => quarantineRun(state, run));
  if (moved.length === 0) return;
  countAnew(state);
  const now = state.now();
  for (const jobId of [...state.waiting.keys()]) promote(state, jobId, now);
}

function quarantineRun(state: StoreState, run: DamagedRun): boolean {
  const { id } = run;
  const raw = state.runs.get(id) ?? null;
  const isExpected = state.outbox.score(id) !== undefined || state.leases.score(id) !== undefined;
  if (raw ? !raw.damaged : !isExpected) return false;
  state.runs.delete(id);
  state.outbox.delete(id);
  state.leases.delete(id);
  state.progress.delete(id);
  for (const [jobId, runId] of state.waiting) if (runId === id) state.waiting.delete(jobId);
  keep(state, run, { raw: raw && 'a run' });
  return true;
}

function keep(state: StoreState, { id, why, event }: DamagedRun, record: object): void {
  const now = state.now();
  let name = id;
  while (state.quarantine.has(name)) name += `@${now}`;
  state.quarantine.set(name, JSON.stringify({ why, at: now, ...record }));
  state.publish(now, { type: 'job_quarantined', body: event.body });
}
