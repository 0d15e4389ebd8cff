import { SortedSet } from '../../sorted-set.js';
import type { StoreState } from '../state.js';
import type { RunRecord } from './record.js';
import { isWaiting } from './run.js';

// The life of a run: one function for each transition of src/run/life-table.ts. The caller decides whether a transition takes place. All writes of
// a transition are here, and nowhere else.

/** Counts the live runs of all jobs again, from the ledger. A record that cannot be read does not show its job. */
export function recount(state: StoreState): void {
  const runs = [...state.runs.values()];
  // If there is a run that a newer release wrote, no count becomes less: its job is not known here.
  const before = runs.some(({ newer }) => newer) ? [...state.instances] : [];
  state.instances.clear();
  for (const run of runs) if (!run.damaged && !isWaiting(state, run)) count(state, run.jobId, 1);
  for (const [jobId, live] of before) {
    if (live > (state.instances.get(jobId) ?? 0)) state.instances.set(jobId, live);
  }
}

export function liveRuns(state: StoreState, jobId: string): number {
  return state.instances.get(jobId) ?? 0;
}

function count(state: StoreState, jobId: string | null, change: 1 | -1): void {
  if (jobId === null) return;
  const live = liveRuns(state, jobId) + change;
  if (live > 0) state.instances.set(jobId, live);
  else state.instances.delete(jobId);
}

/** From no run to waiting. */
export function wait(state: StoreState, jobId: string, run: RunRecord): void {
  state.runs.set(run.runId, { ...run, deliveryId: null });
  state.waiting.set(jobId, run.runId);
}

/** Gives a run an instance, and puts it into the outbox with the instant `from`. */
function enterOutbox(state: StoreState, run: RunRecord, from: number, now: number): void {
  const { runId, jobId, overlap } = run;
  count(state, jobId, 1);
  if (jobId !== null && overlap !== 'skip') {
    const live = state.live.get(jobId) ?? new SortedSet();
    state.live.set(jobId, live);
    live.set(runId, now);
  }
  state.runs.set(runId, run);
  state.outbox.set(runId, from);
}

/** From no run to the outbox. From here on, the run is owed. */
export function admit(state: StoreState, run: RunRecord, from: number, now: number): void {
  enterOutbox(state, run, from, now);
}

/** From waiting to the outbox. */
export function promote(state: StoreState, run: RunRecord, from: number, now: number): void {
  if (run.jobId !== null) state.waiting.delete(run.jobId);
  enterOutbox(state, run, from, now);
}

/** In the outbox: sets the delivery under which the run goes to its queue. */
export function assign(state: StoreState, run: RunRecord, deliveryId: string): void {
  state.runs.set(run.runId, { ...run, deliveryId });
}

/** From the outbox to queued. */
export function queued(state: StoreState, runId: string): void {
  state.outbox.delete(runId);
}

/** From the outbox, queued, or started by another worker, to started. Returns the new record. */
export function start(state: StoreState, run: RunRecord, token: string, leaseEnd: number): RunRecord {
  const started = { ...run, token, starts: run.starts + 1 };
  state.runs.set(run.runId, started);
  state.leases.set(run.runId, leaseEnd);
  state.outbox.delete(run.runId);
  return started;
}

/** While started: renews the lease. */
export function renew(state: StoreState, runId: string, leaseEnd: number): void {
  state.leases.set(runId, leaseEnd);
}

/** While started: stores the progress. */
export function setProgress(state: StoreState, runId: string, json: string): void {
  state.progress.set(runId, json);
}

/** While started: one fire time is settled, and the next one is executed. */
export function advance(state: StoreState, run: RunRecord): void {
  state.runs.set(run.runId, { ...run, done: run.done + 1, starts: 1, losses: 0, tries: 0 });
}

/** While started: marks the run as to be cancelled. */
export function flag(state: StoreState, run: RunRecord): void {
  state.runs.set(run.runId, { ...run, cancelled: true });
}

/** From the outbox, queued or started, back to the outbox, with the instant `from`. No worker has the run after that. */
export function putBack(state: StoreState, run: RunRecord, from: number): void {
  state.runs.set(run.runId, { ...run, deliveryId: null, token: null });
  state.leases.delete(run.runId);
  state.outbox.set(run.runId, from);
}

/** From started to the outbox: the execution is to be tried again. */
export function retry(state: StoreState, run: RunRecord, from: number): void {
  state.progress.delete(run.runId);
  putBack(state, { ...run, tries: run.tries + 1, losses: 0 }, from);
}

/** From any state to ended: the run is in no key of the ledger. Its instance is not given back. */
export function drop(state: StoreState, runId: string): void {
  state.runs.delete(runId);
  state.leases.delete(runId);
  state.outbox.delete(runId);
  state.progress.delete(runId);
}

/** From the outbox, queued or started, to ended. The instance is free. */
export function finish(state: StoreState, { runId, jobId }: RunRecord): void {
  drop(state, runId);
  if (jobId === null) return;
  unlist(state, runId, jobId);
  count(state, jobId, -1);
}

/** From waiting to ended. The run never had an instance. */
export function withdraw(state: StoreState, { runId, jobId }: RunRecord): void {
  if (jobId !== null) unwait(state, jobId);
  drop(state, runId);
}

// The functions below repair what another program wrote, or what was lost.

/** Removes the name of a job's waiting run, for a run that does not wait. */
export function unwait(state: StoreState, jobId: string): void {
  state.waiting.delete(jobId);
}

/** Puts a waiting run that cannot be read where the leader finds it. */
export function expose(state: StoreState, runId: string, jobId: string, now: number): void {
  state.waiting.delete(jobId);
  state.outbox.set(runId, now);
}

/** Removes a run from the live runs of its job. A run in quarantine no longer shows which job it had. */
export function unlist(state: StoreState, runId: string, jobId: string): void {
  const live = state.live.get(jobId);
  live?.delete(runId);
  if (live?.size === 0) state.live.delete(jobId);
}

/** Removes the lease of a run that no worker has. */
export function unlease(state: StoreState, runId: string): void {
  state.leases.delete(runId);
}

/** Takes a run that is nowhere out of the ledger, so that it can enter again. */
export function removeState(state: StoreState, runId: string): void {
  state.runs.delete(runId);
}
