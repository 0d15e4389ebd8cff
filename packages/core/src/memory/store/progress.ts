import type { HeldRun } from '../../ports/ledger.js';
import * as life from './lib/life.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

/** Stores the progress of runs, if the worker that reports it still holds them. */
export function progress(state: StoreState, reports: readonly (HeldRun & { readonly json: string })[]): void {
  for (const { runId, token, json } of reports) {
    if (read(state, runId)?.token === token) life.setProgress(state, runId, json);
  }
}
