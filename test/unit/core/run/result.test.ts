import {
  type CarillonError,
  MaxInstancesError,
  RunCancelledError,
  RunFailedError,
  RunMissedError,
  RunTimeoutError,
} from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { resultOf } from '../../../../packages/core/src/run/result.js';
import type { Execution, SettledRunInfo } from '../../../../packages/core/src/run/run.js';

const [scheduledRunTime, settledAt] = [new Date(100), new Date(900)];
const execution = (reported: object) => ({ executionId: 'r.0', scheduledRunTime, settledAt, ...reported }) as Execution;
const run = (state: SettledRunInfo['state'], executions: readonly Execution[] = []): SettledRunInfo => ({
  runId: 'r',
  jobId: 'j',
  jobStore: 'default',
  task: 't',
  executor: 'default',
  retryOf: null,
  scheduledRunTimes: [scheduledRunTime],
  executions,
  missed: null,
  state,
  settledAt,
});
const thrown = (given: SettledRunInfo): CarillonError => {
  try {
    resultOf(given);
  } catch (error) {
    return error as CarillonError;
  }
  throw new Error('nothing was thrown');
};

describe('the result of a run', () => {
  it('is what its task returned', () => {
    expect(resultOf(run('executed', [execution({ outcome: 'executed', value: null })]))).toBeNull();
    const values = [1, { a: [2] }].map((value) => execution({ outcome: 'executed', value }));
    expect(resultOf(run('executed', values))).toEqual({ a: [2] });
  });

  it('is an error that has what the task threw as its cause', () => {
    const reported = {
      name: 'TypeError',
      message: 'no such mail',
      code: 'E_MAIL',
      stack: 'TypeError: no such mail\n  at there',
    };
    const error = thrown(run('error', [execution({ outcome: 'error', error: reported })]));
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'RUN_FAILED', runId: 'r', error: reported });
    expect(error.message).toBe('run r failed: TypeError: no such mail');
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.cause).toMatchObject(reported);
  });

  it('is an error of its own where the task took too long', () => {
    const reported = { name: 'RunTimeoutError', message: 'it took longer than 5 ms', code: 'RUN_TIMEOUT' };
    const error = thrown(run('error', [execution({ outcome: 'error', error: reported })]));
    expect(error).toBeInstanceOf(RunTimeoutError);
    expect(error).toMatchObject({ code: 'RUN_TIMEOUT', message: 'run r: it took longer than 5 ms' });
  });

  it.each([
    ['cancelled', RunCancelledError, 'RUN_CANCELLED'],
    ['missed', RunMissedError, 'RUN_MISSED'],
    ['max_instances', MaxInstancesError, 'MAX_INSTANCES'],
  ] as const)('is an error where it was %s', (state, type, code) => {
    const error = thrown(run(state, state === 'cancelled' ? [execution({ outcome: 'cancelled' })] : []));
    expect(error).toBeInstanceOf(type);
    expect(error.code).toBe(code);
  });
});
