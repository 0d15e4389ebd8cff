import type { StoreState } from '../state.js';
import { admitWaiting, cancel, notBefore, publishSubmitted } from './instances.js';
import * as life from './life.js';
import { noteFires } from './outcome.js';
import type { RunRecord } from './record.js';
import { read } from './run.js';

/** What entering a run results in. */
export type Entered = 'submitted' | 'waiting' | 'max_instances';

/** How long the end of a superseded run is kept at most: there may be many of them. */
const SUPERSEDED_MS = 3_600_000;

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

/** A run that waits gives way to a newer one. */
function supersede(state: StoreState, jobId: string, now: number): void {
  const run = read(state, state.waiting.get(jobId) ?? '');
  if (!run) return;
  const { runId, history, label, submission } = run;
  const message = state.publish(now, { type: 'job_max_instances', body: `${label},${submission}` });
  noteFires(state, run, 'i', [0], now);
  if (history) state.histories.keep(runId, Math.min(history.ageMs, SUPERSEDED_MS), message.text, now);
  life.withdraw(state, run);
}

/** Takes a run into the ledger, or does with it what its job's overlap says. One that waits is delivered later. */
export function enter(state: StoreState, run: RunRecord, now: number): Entered {
  const { jobId, overlap, label, submission } = run;
  if (jobId !== null) admitWaiting(state, jobId, now);
  if (jobId === null || life.hasRoom(state, run)) {
    life.admit(state, run, notBefore(run, now), now);
    publishSubmitted(state, run, now);
    return 'submitted';
  }
  if (overlap === 'skip') {
    state.publish(now, { type: 'job_max_instances', body: `${label},${submission}` });
    noteFires(state, run, 'i', [0], now);
    return 'max_instances';
  }
  supersede(state, jobId, now);
  life.wait(state, jobId, run);
  if (overlap === 'replace') replaceOldest(state, jobId, now);
  return 'waiting';
}
