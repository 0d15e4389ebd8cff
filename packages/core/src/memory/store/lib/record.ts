import { labelText } from '../../../event/run-texts.js';
import type { LedgerRun, NewRun, RunProgress } from '../../../ports/ledger.js';

/** A run in this ledger, as Redis has it in the keys `runs` and `bodies`. */
export interface RunRecord extends NewRun, RunProgress {
  /** The members that all its events have, as text. */
  readonly label: string;
  /** A number that grows from record to record, at which a page can begin. */
  readonly order: number;
  readonly deliveryId: string | null;
  readonly token: string | null;
  /** How many workers were lost since an outcome was settled last. */
  readonly losses: number;
  readonly damaged: boolean;
  /** A newer release wrote its state. This release treats it as damaged. */
  readonly newer?: true;
  /** A newer release wrote its body. */
  readonly newerBody?: true;
}

/** @param deliveryId the delivery under which the run goes to its queue; null if it has none yet */
export function newRecord(jobStore: string, run: NewRun, order: number, deliveryId: string | null = null): RunRecord {
  // Member by member: copying this many by `...` takes several times as long.
  return {
    runId: run.runId,
    jobId: run.jobId,
    task: run.task,
    retryOf: run.retryOf,
    fires: run.fires,
    graceMs: run.graceMs,
    maxInstances: run.maxInstances,
    overlap: run.overlap,
    executor: run.executor,
    priority: run.priority,
    history: run.history,
    coalesced: run.coalesced,
    asked: run.asked,
    by: run.by,
    label: run.label ?? labelText(jobStore, run),
    payload: run.payload,
    order,
    deliveryId,
    token: null,
    starts: 0,
    losses: 0,
    tries: 0,
    done: 0,
    cancelled: false,
    damaged: false,
  };
}

/** Returns a run in the form that its readers get. */
export function ledgerRun(record: RunRecord): LedgerRun {
  const { runId, jobId, task, executor, retryOf, overlap, fires, done, starts, tries, cancelled, asked } = record;
  const { payload, label } = record;
  const history = record.history && { ageMs: record.history.ageMs, perJob: record.history.perJob };
  // The members are named one by one: an object that is copied and then extended gets a hidden class of its own each time.
  const read = {
    runId,
    jobId,
    task,
    executor,
    retryOf,
    overlap,
    history,
    fires,
    done,
    starts,
    tries,
    cancelled,
    asked,
    payload,
    label,
  };
  return record.newerBody ? { ...read, payload: '', newer: true } : read;
}
