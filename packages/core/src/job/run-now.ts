import { members } from '../event/draft.js';
import type { NewRun } from '../ports/ledger.js';
import type { JobDefinition } from './definition.js';
import { type HistoryPolicy, keptForAsker } from './history.js';
import { type Executable, payloadOf } from './payload.js';

/** What is to run: of a job, or (`jobId` null) of none. */
export interface Call extends Executable, Pick<JobDefinition, 'executor' | 'maxInstances' | 'overlap' | 'priority'> {
  readonly jobId: string | null;
  readonly history: { readonly ageMs: HistoryPolicy['ageMs']; readonly perJob?: number | undefined } | null;
}

/** What every event of a run tells of it. */
export function runLabel(jobStore: string, jobId: string | null, runId: string, task: string): string {
  return members({ jobStore, jobId, runId, task });
}

/** What the events of its submission tell besides; fire times in ms. */
export function submissionOf(
  fireTimes: readonly number[],
  coalesced: { readonly first: number; readonly last: number } | null,
): string {
  return members({ scheduledRunTimes: fireTimes, coalesced });
}

/** A run for now (ms of the store's clock), whatever the trigger says. It is never too late. */
export function newRun(jobStore: string, call: Call, runId: string, now: number): NewRun {
  const { jobId, maxInstances, overlap, executor, priority, history } = call;
  return {
    runId,
    jobId,
    fires: [{ fireTime: now, dueAt: now }],
    graceMs: null,
    maxInstances,
    overlap,
    executor,
    priority,
    history: keptForAsker(history),
    label: runLabel(jobStore, jobId, runId, call.task),
    submission: submissionOf([now], null),
    json: payloadOf(call),
  };
}
