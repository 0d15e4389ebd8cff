import { hash } from 'node:crypto';
import type { AskedBy } from '../by.js';
import { idOf } from '../id.js';
import type { FailedRun } from '../ports/job-records.js';
import type { NewRun } from '../ports/ledger.js';
import { keptForAsker } from './history.js';

/** What is known of a run that failed. */
export interface FailedCall extends FailedRun {
  readonly jobStore: string;
  readonly jobId: string | null;
  readonly runId: string;
  readonly task: string;
  /** Of its executions that failed: their fire times, ms, oldest first. */
  readonly fireTimes: readonly number[];
}

/** The id of the run in which a run is run again: the same for every caller. */
function retryIdOf(runId: string): string {
  return idOf(hash('sha256', `retry ${runId}`, 'buffer')).slice(0, 22);
}

/**
 * A run in place of one that failed: the same call, with the same fire times, due at once. It counts as one that somebody asked for.
 * @param now by the clock of the store, ms.
 */
export function runAgain(failed: FailedCall, now: number, by: AskedBy): NewRun {
  const { jobId, task, executor, fireTimes, history, ...rest } = failed;
  return {
    runId: retryIdOf(failed.runId),
    jobId,
    task,
    retryOf: failed.runId,
    fires: fireTimes.map((fireTime) => ({ fireTime, dueAt: Math.max(fireTime, now) })),
    graceMs: null,
    maxInstances: rest.maxInstances,
    overlap: rest.overlap,
    executor,
    priority: rest.priority,
    history: keptForAsker(history && { ageMs: history.ageMs, perJob: history.perJob ?? undefined }),
    coalesced: null,
    asked: jobId === null ? undefined : true,
    by,
    payload: rest.payload,
  };
}
