import { MaxInstancesError, RunCancelledError, RunFailedError, RunMissedError, RunTimeoutError } from '../errors.js';
import type { JsonValue } from '../json.js';
import type { SettledRunInfo } from './run.js';

/**
 * What a run that has ended returned; of several fire times, for the last.
 * @throws RunFailedError, RunTimeoutError, RunCancelledError, RunMissedError, MaxInstancesError
 */
export function resultOf(run: SettledRunInfo): JsonValue {
  const { runId, jobId, state } = run;
  const last = run.executions.at(-1);
  if (state === 'max_instances') throw new MaxInstancesError(jobId ?? '');
  if (state === 'missed' || !last) throw new RunMissedError(runId);
  switch (last.outcome) {
    case 'executed':
      return last.value;
    case 'cancelled':
      throw new RunCancelledError(`run ${runId} was cancelled`);
    case 'error': {
      const failed = new RunFailedError(runId, last.error);
      if (last.error.code !== 'RUN_TIMEOUT') throw failed;
      throw new RunTimeoutError(`run ${runId}: ${last.error.message}`, { cause: failed.cause });
    }
  }
}
