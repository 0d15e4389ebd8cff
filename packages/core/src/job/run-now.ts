import type { AskedBy } from '../by.js';
import type { NewRun } from '../ports/ledger.js';
import type { ReadBy } from './field-values.js';
import { type AskedHistory, keptForAsker } from './history.js';
import { type Executable, encodePayload } from './payload.js';

/** What is to run: of a job, or (`jobId` null) of none. */
export interface Call extends Executable, Omit<ReadBy<'ledger'>, 'misfireGraceMs' | 'history'> {
  readonly jobId: string | null;
  readonly history: AskedHistory;
}

/**
 * A run that was asked for, whatever the trigger says.
 * @param due the instant that it was asked for, ms of the store's clock.
 * @param graceMs how late it may start after that; null: it is never too late.
 * @param by the actor and the reason.
 */
export function newRun(call: Call, runId: string, due: number, graceMs: number | null = null, by?: AskedBy): NewRun {
  const { jobId, task, maxInstances, overlap, executor, priority, history } = call;
  return {
    runId,
    jobId,
    task,
    fires: [{ fireTime: due, dueAt: due }],
    graceMs,
    maxInstances,
    overlap,
    executor,
    priority,
    history: keptForAsker(history),
    coalesced: null,
    asked: jobId === null ? undefined : true,
    by,
    payload: encodePayload(call),
  };
}
