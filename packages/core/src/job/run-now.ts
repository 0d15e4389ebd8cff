import type { AskedBy } from '../by.js';
import type { NewRun } from '../ports/ledger.js';
import type { ReadBy } from './field-values.js';
import { type AskedHistory, keptForAsker } from './history.js';
import { type Executable, encodePayload } from './payload.js';

/** The fields of a definition that a run takes. A run without a job has them of nothing else. */
export interface RunFields extends Executable, Omit<ReadBy<'ledger'>, 'misfireGraceMs' | 'history'> {
  readonly history: AskedHistory;
}

/** One run that a caller asks for. */
export interface Asked {
  readonly runId: string;
  /** null if it is of no job. */
  readonly jobId: string | null;
  /** For which instant, ms of the store's clock. */
  readonly due: number;
  /** How late it may start after that; null means that it is never too late. */
  readonly graceMs: number | null;
  /** The actor and the reason. */
  readonly by?: AskedBy | undefined;
}

/** A run that was asked for, whatever the trigger says. */
export function newRun(fields: RunFields, { runId, jobId, due, graceMs, by }: Asked): NewRun {
  const { task, maxInstances, overlap, executor, priority, history } = fields;
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
    payload: encodePayload(fields),
  };
}
