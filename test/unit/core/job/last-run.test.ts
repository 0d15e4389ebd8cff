import { describe, expect, it } from 'vitest';
import { decodeLastRun, encodeLastRun } from '../../../../packages/core/src/job/last-run.js';

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

  it.each(['executed', 'error', 'cancelled'] as const)('%s, in each format', (outcome) => {
    for (const format of [1, 2]) {
      const text = encodeLastRun(format, outcome, -100, 200, { executed: 3, errors: 4 });
      expect(decodeLastRun(text)).toEqual({
        ...{ outcome, scheduledRunTime: new Date(-100), settledAt: new Date(200) },
        ...{ executed: 3, errors: 4 },
      });
    }
    expect(encodeLastRun(2, outcome, -100, 200, { executed: 3, errors: 4 })).toBe(
      `${outcome === 'executed' ? 'x' : outcome[0]} -100 300 3 4`,
    );
  });

  it.each([null, '', 'x 1 2 3', 'y 1 2 3 4', 'missed 1 2 3 4', 'executed 1 2 3', 'executed a 2 3 4'])(
    '%j is refused',
    (text) => {
      expect(decodeLastRun(text)).toBeNull();
    },
  );
});
