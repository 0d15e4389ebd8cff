import type { AskedBy } from '../by.js';
import { members } from '../event/draft.js';
import type { NewRun } from '../ports/ledger.js';
import type { ReadBy } from './field-values.js';
import { type AskedHistory, keptForAsker } from './history.js';
import { type Executable, encodePayload } from './payload.js';

/** What is to run: of a job, or (`jobId` null) of none. */
export interface Call extends Executable, Omit<ReadBy<'ledger'>, 'misfireGraceMs' | 'history'> {
  readonly jobId: string | null;
  readonly history: AskedHistory;
}

/** What every event of a run of this call says of the run, by its id; the executor only where it is not `default`. */
export function runLabels(
  jobStore: string,
  { jobId, task, executor }: Pick<Call, 'jobId' | 'task' | 'executor'>,
): (runId: string) => string {
  const before = members({ jobStore, jobId });
  const after = members({ task, executor: executor === 'default' ? undefined : executor });
  return (runId) => `${before},"runId":${JSON.stringify(runId)},${after}`;
}

/** What the events of its submission report besides; fire times in ms. `asked`: somebody asked for it, whatever the trigger of its job says. */
export function submissionOf(
  fireTimes: readonly number[],
  coalesced: { readonly first: number; readonly last: number } | null,
  by: AskedBy = {},
  asked = false,
): string {
  return members({ scheduledRunTimes: fireTimes, coalesced, asked: asked || undefined, ...by });
}

/**
 * A run that was asked for, whatever the trigger says.
 * @param due the instant that it was asked for, ms of the store's clock.
 * @param graceMs how late it may start after that; null: it is never too late.
 * @param by the actor and the reason.
 */
export function newRun(
  jobStore: string,
  call: Call,
  runId: string,
  due: number,
  graceMs: number | null = null,
  by: AskedBy = {},
): NewRun {
  const { jobId, maxInstances, overlap, executor, priority, history } = call;
  return {
    runId,
    jobId,
    fires: [{ fireTime: due, dueAt: due }],
    graceMs,
    maxInstances,
    overlap,
    executor,
    priority,
    history: keptForAsker(history),
    label: runLabels(jobStore, call)(runId),
    submission: submissionOf([due], null, by, jobId !== null),
    json: encodePayload(call),
  };
}
