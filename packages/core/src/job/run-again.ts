import { hash } from 'node:crypto';
import type { AskedBy } from '../by.js';
import { idOf } from '../id.js';
import type { KeptRun } from '../ports/job-records.js';
import type { NewRun } from '../ports/ledger.js';
import type { SettledRunInfo } from '../run/run.js';
import { keptForAsker } from './history.js';

/** The id of the run in which a run is run again: the same for every caller. */
function retryIdOf(runId: string): string {
  return idOf(hash('sha256', `retry ${runId}`, 'buffer')).slice(0, 22);
}

/**
 * A run in place of one that failed: the same call, with the fire times that failed, due at once. It counts as one that a caller asked for.
 * @param kept what the job store kept of it.
 * @param now by the clock of the store, ms.
 */
export function runAgain(failed: SettledRunInfo, kept: KeptRun, now: number, by: AskedBy): NewRun {
  const { runId, jobId, task } = failed;
  const { maxInstances, overlap, executor, priority, history, payload } = kept;
  return {
    runId: retryIdOf(runId),
    jobId,
    task,
    retryOf: runId,
    fires: failedFireTimes(failed).map((fireTime) => ({ fireTime, dueAt: Math.max(fireTime, now) })),
    graceMs: null,
    maxInstances,
    overlap,
    executor,
    priority,
    history: keptForAsker(history && { ageMs: history.ageMs, perJob: history.perJob ?? undefined }),
    coalesced: null,
    asked: jobId === null ? undefined : true,
    by,
    payload,
  };
}

/** The fire times whose executions failed, ms, oldest first. */
function failedFireTimes({ executions }: SettledRunInfo): number[] {
  const failed = executions.filter(({ outcome }) => outcome === 'error');
  const times = new Set(failed.map(({ scheduledRunTime }) => scheduledRunTime.getTime()));
  return [...times].sort((one, other) => one - other);
}
