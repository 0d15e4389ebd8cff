import { describe, expect, it } from 'vitest';
import { decodeLastRun } from '../../../../packages/core/src/job/last-run.js';

describe('the last run of a job', () => {
  it.each(['executed', 'error', 'cancelled'] as const)('%s', (outcome) => {
    expect(decodeLastRun(`${outcome} -100 200 3 4`)).toEqual({
      outcome,
      scheduledRunTime: new Date(-100),
      settledAt: new Date(200),
      executed: 3,
      errors: 4,
    });
  });

  it.each([null, '', 'missed 1 2 3 4', 'executed 1 2 3', 'executed a 2 3 4'])('%j is none', (packed) => {
    expect(decodeLastRun(packed)).toBeNull();
  });
});
