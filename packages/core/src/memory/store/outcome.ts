import type { EventDraft } from '../../ports/event-draft.js';
import type { RunRecord } from './run.js';
import type { StoreState } from './state.js';

export type Outcome = 'executed' | 'error' | 'cancelled';

/** Publishes what one of a run's executions came to, and keeps it. */
export function conclude(
  state: StoreState,
  run: RunRecord,
  index: number,
  { outcome, event, now }: { readonly outcome: Outcome; readonly event: EventDraft; readonly now: number },
): void {
  state.histories.keep(run, state.publish(now, event), now);
  if (run.jobId !== null) keepLast(state, run.jobId, outcome, run.fires[index]?.fireTime ?? 0, now);
}

function keepLast(state: StoreState, jobId: string, outcome: Outcome, fireTime: number, now: number): void {
  if (!state.jobs.has(jobId)) return;
  const [, executed = '0', errors = '0'] = /(\d+) (\d+)$/.exec(state.last.get(jobId) ?? '') ?? [];
  const counts = [Number(executed) + Number(outcome === 'executed'), Number(errors) + Number(outcome === 'error')];
  state.last.set(jobId, [outcome, fireTime, now, ...counts].join(' '));
}
