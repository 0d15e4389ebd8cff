import { type LedgerRun, nextAttempt, type RetryPolicy, type Settlement } from '@carillon/core/internal';
import type { Ended } from './executors/outcome.js';

/** The idempotency key of one fire time of a run. */
export function executionIdOf(runId: string, index: number): string {
  return `${runId}.${index}`;
}

/** How often the fire time of this index was started, this time included. Those before it are done. */
export function attemptAt(run: LedgerRun, index: number): number {
  return index === run.done ? run.starts : 1;
}

/** Decides about a fire time of a run, by the outcome of its execution: it is settled, or put off to be tried again. */
export function settlementOf(
  run: LedgerRun,
  token: string,
  index: number,
  outcome: Ended,
  retry: RetryPolicy | undefined,
): Settlement {
  const { runId, jobId, overlap, history, asked, label, fires } = run;
  const fireTime = fires[index]?.fireTime ?? Number.NaN;
  const isLast = index === fires.length - 1;
  const executionId = executionIdOf(runId, index);
  const about = `${label},"executionId":"${executionId}","scheduledRunTime":${fireTime}`;
  const settle = (
    event: Settlement['event'],
    rest: Pick<Settlement, 'outcome' | 'delayMs' | 'retryAt'>,
  ): Settlement => {
    return {
      runId,
      token,
      index,
      event,
      ...rest,
      ...(isLast && { last: { jobId, overlap, history, asked, fireTime } }),
    };
  };
  switch (outcome.outcome) {
    case 'executed':
      return settle({ type: 'job_executed', body: `${about},"value":${outcome.json}` }, { outcome: 'executed' });
    case 'cancelled':
      return settle({ type: 'job_cancelled', body: about }, { outcome: 'cancelled' });
    case 'error': {
      const error = JSON.stringify(outcome.error);
      const failures = (index === run.done ? run.tries : 0) + 1;
      const next = nextAttempt(retry, outcome.steering, failures, executionId);
      if (!next) {
        return settle({ type: 'job_error', body: `${about},"error":${error}` }, { outcome: 'error' });
      }
      const body = `${about},"attempt":${attemptAt(run, index)},"error":${error}`;
      return settle({ type: 'job_retrying', body }, { outcome: 'retry', ...next });
    }
  }
}
