import { type LedgerRun, nextAttempt, type RetryPolicy, type Settlement } from '@carillon/core/internal';
import type { Ended } from './executors/outcome.js';

/** The idempotency key of one fire time of a run. */
export function executionIdOf(runId: string, index: number): string {
  return `${runId}.${index}`;
}

/** How often the fire time of this index was started, this start included. The fire times before it are done. */
export function attemptAt(run: LedgerRun, index: number): number {
  return index === run.done ? run.starts : 1;
}

/** Decides by the outcome of an execution whether its fire time is settled, or put off for a retry. */
export function settlementOf(
  run: LedgerRun,
  token: string,
  index: number,
  outcome: Ended,
  retry: RetryPolicy | undefined,
): Settlement {
  const fireTime = run.fires[index]?.fireTime ?? Number.NaN;
  const last = index === run.fires.length - 1 ? run : undefined;
  switch (outcome.outcome) {
    case 'executed':
      return { run, token, index, fireTime, last, outcome: 'executed', value: outcome.json };
    case 'cancelled':
      return { run, token, index, fireTime, last, outcome: 'cancelled' };
    case 'error': {
      const { error, steering } = outcome;
      const failures = (index === run.done ? run.tries : 0) + 1;
      const next = nextAttempt(retry, steering, failures, executionIdOf(run.runId, index));
      if (!next) return { run, token, index, fireTime, last, outcome: 'error', error };
      const attempt = attemptAt(run, index);
      return { run, token, index, fireTime, last, outcome: 'retry', attempt, error, ...next };
    }
  }
}
