import type { LedgerRun, NewRun } from '../../../ports/ledger.js';
import { isAsked } from '../../../run/record.js';

/** A run's record in the ledger. */
export interface RunRecord extends NewRun {
  /** Grows from record to record: where a page begins. */
  readonly order: number;
  readonly deliveryId: string | null;
  readonly token: string | null;
  /** Of the fire time at `done`. */
  readonly starts: number;
  /** Workers lost since anything was settled. */
  readonly losses: number;
  /** Of the fire time at `done`. */
  readonly tries: number;
  readonly done: number;
  readonly cancelled: boolean;
  readonly damaged: boolean;
  /** A newer release wrote its state: it is damaged for this one. */
  readonly newer?: true;
  /** A newer release wrote its body. */
  readonly newerBody?: true;
}

/** @param deliveryId under which the run is to go out; null: it has none yet. */
export function newRecord(run: NewRun, order: number, deliveryId: string | null = null): RunRecord {
  // Member by member: a copy by `...` of so many takes several times as long.
  return {
    runId: run.runId,
    jobId: run.jobId,
    fires: run.fires,
    graceMs: run.graceMs,
    maxInstances: run.maxInstances,
    overlap: run.overlap,
    executor: run.executor,
    priority: run.priority,
    history: run.history,
    label: run.label,
    submission: run.submission,
    json: run.json,
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

/** A run as its readers get it. */
export function ledgerRun(record: RunRecord): LedgerRun {
  const { runId, jobId, executor, overlap, fires, done, starts, tries, cancelled, label, json } = record;
  const history = record.history && { ageMs: record.history.ageMs, perJob: record.history.perJob };
  const read = { runId, jobId, executor, overlap, history, fires, done, starts, tries, cancelled, label, json };
  const asked = isAsked(record) && { asked: true as const };
  const newer = record.newerBody && { json: '', newer: true as const };
  return asked || newer ? { ...read, ...asked, ...newer } : read;
}
