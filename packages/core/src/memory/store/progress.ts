import type { HeldRun } from '../../ports/ledger.js';
import * as life from './lib/life.js';
import { read } from './lib/run.js';
import type { StoreState } from './state.js';

/** Shows how far runs are, where their worker holds them still. */
export function progress(state: StoreState, reports: readonly (HeldRun & { readonly json: string })[]): void {
  for (const { runId, token, json } of reports) {
    if (read(state, runId)?.token === token) life.show(state, runId, json);
  }
}
