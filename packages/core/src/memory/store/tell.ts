import { settleFire } from './outcome.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';

/** What becomes of executions that no worker settles. */
export type Verdict = { readonly outcome: 'cancelled' } | { readonly outcome: 'error'; readonly error: string };

/** Settles each fire time of a run from one on. */
export function tellFrom(state: StoreState, run: RunRecord, from: number, verdict: Verdict, now: number): void {
  for (const [index, { fireTime }] of run.fires.entries()) {
    if (index < from) continue;
    const execution = `"executionId":"${run.runId}.${index}","scheduledRunTime":${fireTime}`;
    const tail = verdict.outcome === 'error' ? `,"error":${verdict.error}` : '';
    settleFire(state, run, index, { outcome: verdict.outcome, body: `${run.label},${execution}${tail}`, now });
  }
}
