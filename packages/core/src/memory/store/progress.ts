import type { HeldRun } from '../../ports/ledger.js';
import type { StoreState } from './state.js';

/** Shows how far runs are, where their worker holds them still. */
export function progress(state: StoreState, reports: readonly (HeldRun & { readonly json: string })[]): void {
  for (const { runId, token, json } of reports) {
    if (state.run(runId)?.token === token) state.progress.set(runId, json);
  }
}
