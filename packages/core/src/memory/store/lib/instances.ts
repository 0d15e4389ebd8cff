import type { NewRun } from '../../../ports/ledger.js';
import { SubmittedBody } from '../../run-bodies.js';
import type { StoreState } from '../state.js';
import * as life from './life.js';
import { noteAsker, noteFires, remember, settleRest } from './outcome.js';
import type { RunRecord } from './record.js';
import { isWaiting, read } from './run.js';

// How a job keeps its `maxInstances`, over any number of workers: see redis/lua/lib/instances.lua.

/** The outcome of entering a run. */
export type Entered = 'submitted' | 'waiting' | 'max_instances';

/** The longest time for which the end of a superseded run is kept. There may be many of them. */
const SUPERSEDED_MS = 3_600_000;

/** Whether the job of a run has room for another live run. */
export function hasRoom(state: StoreState, { jobId, maxInstances }: RunRecord): boolean {
  return jobId === null || life.liveRuns(state, jobId) < maxInstances;
}

/** The instant from which on a run may be delivered. A run of `enqueue` with `delay` or `at` waits until it is due. */
export function notBefore({ jobId, fires }: NewRun, now: number): number {
  return jobId === null ? Math.max(now, fires[0]?.dueAt ?? now) : now;
}

export function publishSubmitted(state: StoreState, run: RunRecord, now: number): void {
  state.publishText(now, { type: 'job_submitted', body: new SubmittedBody(run.label, run) });
}

/**
 * Admits the waiting run of a job if there is room. A run that cannot be read goes where the leader finds it. A run that a newer release wrote goes
 * on waiting.
 */
export function admitWaiting(state: StoreState, jobId: string, now: number): void {
  const runId = state.waiting.get(jobId);
  if (runId === undefined) return;
  const run = read(state, runId);
  if (!run) {
    if (state.runs.get(runId)?.newer) return;
    life.expose(state, runId, jobId, now);
  } else if (hasRoom(state, run)) {
    life.promote(state, run, notBefore(run, now), now);
    publishSubmitted(state, run, now);
  } else {
    return;
  }
  state.wake(now);
}

/** Takes a run out of the ledger once all of its fire times are settled. The run that waits for its instance gets it. */
export function conclude(state: StoreState, run: RunRecord, now: number): void {
  life.finish(state, run);
  remember(state, run, now);
  if (run.jobId !== null) admitWaiting(state, run.jobId, now);
}

/** Ends a run that no worker has. If it was started, notifies its worker. `by`: members of the events that say who asked for it. */
export function cancel(state: StoreState, run: RunRecord, now: number, by = ''): 'cancelled' | 'cancelling' {
  if (run.token !== null) {
    if (!run.cancelled) noteAsker(state, run, by, now);
    life.flag(state, run);
    state.channels.publish('control', `cancel ${run.runId}`);
    return 'cancelling';
  }
  const waits = isWaiting(state, run);
  settleRest(state, run, run.done, { outcome: 'cancelled', by }, now);
  if (waits) {
    life.withdraw(state, run);
    remember(state, run, now);
  } else {
    conclude(state, run, now);
  }
  return 'cancelled';
}

/** Cancels the oldest live run of a job, unless one is being cancelled already. */
function replaceOldest(state: StoreState, jobId: string, now: number): void {
  const live = state.live.get(jobId);
  let oldest: RunRecord | undefined;
  for (const runId of live?.upTo(Number.POSITIVE_INFINITY, live.size) ?? []) {
    const run = read(state, runId);
    if (run?.cancelled) return;
    oldest ??= run;
    if (!run && !state.runs.get(runId)?.newer) life.unlist(state, runId, jobId);
  }
  if (oldest) cancel(state, oldest, now);
}

/** Ends the waiting run of a job in favour of a newer one. */
function supersede(state: StoreState, jobId: string, now: number): void {
  const run = read(state, state.waiting.get(jobId) ?? '');
  if (!run) return;
  const { runId, history } = run;
  const message = state.publishText(now, { type: 'job_max_instances', body: new SubmittedBody(run.label, run) });
  noteFires(state, run, 'i', [0], now);
  if (history) state.histories.keep(runId, Math.min(history.ageMs, SUPERSEDED_MS), message.text, now);
  life.withdraw(state, run);
}

/** Takes a run into the ledger, or handles it as its job's overlap says. A waiting run is delivered later. */
export function enter(state: StoreState, run: RunRecord, now: number): Entered {
  const { jobId, overlap } = run;
  if (jobId !== null) admitWaiting(state, jobId, now);
  if (jobId === null || hasRoom(state, run)) {
    life.admit(state, run, notBefore(run, now), now);
    publishSubmitted(state, run, now);
    return 'submitted';
  }
  // Only members of the newer release handle a waiting run that it wrote. So no other run can wait.
  if (overlap === 'skip' || state.runs.get(state.waiting.get(jobId) ?? '')?.newer) {
    state.publishText(now, { type: 'job_max_instances', body: new SubmittedBody(run.label, run) });
    noteFires(state, run, 'i', [0], now);
    return 'max_instances';
  }
  supersede(state, jobId, now);
  life.wait(state, jobId, run);
  if (overlap === 'replace') replaceOldest(state, jobId, now);
  return 'waiting';
}
