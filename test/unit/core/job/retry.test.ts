import { describe, expect, it } from 'vitest';
import { fillBackoff, nextAttempt, retryDelayMs, type Steering } from '../../../../packages/core/src/job/retry.js';

const delays = (backoff: Parameters<typeof fillBackoff>[0], count = 5, executionId = 'run.0') =>
  Array.from({ length: count }, (_, index) =>
    retryDelayMs({ attempts: 100, backoff: fillBackoff(backoff) }, index + 1, executionId),
  );

describe('the delay before a run is tried again', () => {
  it('is 1 s at first, then twice as long each time, up to an hour', () => {
    expect(delays({}, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(delays({}, 99).at(-1)).toBe(3_600_000);
    expect(delays({ delay: 300, maxDelay: 1_000 })).toEqual([300, 600, 1_000, 1_000, 1_000]);
  });

  it('is the same each time where it is fixed', () => {
    expect(delays({ type: 'fixed', delay: 250 }, 3)).toEqual([250, 250, 250]);
  });

  it('may be longer than an hour where the first one is', () => {
    expect(delays({ delay: 7_200_000 }, 3)).toEqual([7_200_000, 7_200_000, 7_200_000]);
  });

  it('may be none', () => {
    expect(delays({ delay: 0 }, 3)).toEqual([0, 0, 0]);
  });

  it('is shorter by up to its jitter, by a hash of execution and failures', () => {
    const all = Array.from(
      { length: 200 },
      (_, run) => delays({ delay: 1_000, jitter: 0.3 }, 1, `run${run}.0`)[0] ?? 0,
    );
    expect(Math.min(...all)).toBeGreaterThanOrEqual(700);
    expect(Math.min(...all)).toBeLessThan(720);
    expect(Math.max(...all)).toBeLessThanOrEqual(1_000);
    expect(Math.max(...all)).toBeGreaterThan(980);
    expect(new Set(all).size).toBeGreaterThan(100);
    expect(delays({ jitter: 1 })).toEqual(delays({ jitter: 1 }));
    const fixed = delays({ type: 'fixed', jitter: 1 });
    expect(new Set(fixed).size).toBe(fixed.length);
    expect(all.every(Number.isInteger)).toBe(true);
  });
});

describe('whether, and when, a run is tried again', () => {
  const retry = { attempts: 3, backoff: fillBackoff() };
  const unless = { ...retry, unless: ['OrderError', 'TypeError'] };
  const never = { unrecoverable: true };
  const when = { retryAt: 5 };
  it.each<[string, typeof unless | typeof retry | undefined, Partial<Steering>, number, object | null]>([
    ['as its policy says', retry, {}, 1, { delayMs: 1_000 }],
    ['not beyond its attempts', retry, {}, 3, null],
    ['not without a policy', undefined, {}, 1, null],
    ['not where the error says never', retry, never, 1, null],
    ['not where the error says never, and when', retry, { ...never, ...when }, 1, null],
    ['when the error says', retry, when, 2, { retryAt: 5 }],
    ['when the error says, not beyond its attempts', retry, when, 3, null],
    ['when the error says, not of the only attempt', { ...retry, attempts: 1 }, when, 1, null],
    ['when the error says, without a policy', undefined, when, 99, { retryAt: 5 }],
    ['when the error says, without a policy, not for ever', undefined, when, 100, null],
    ['not after an error that the policy names', unless, { names: ['Error', 'OrderError'] }, 1, null],
    [
      'not after an error that the policy names, and that says when',
      unless,
      { names: ['TypeError'], ...when },
      1,
      null,
    ],
    ['after others', unless, { names: ['OrderErrors', 'order', 'Error'] }, 1, { delayMs: 1_000 }],
  ])('%s', (_, policy, steering, failures, expected) => {
    const said = { names: ['Error'], unrecoverable: false, retryAt: null, ...steering };
    expect(nextAttempt(policy, said, failures, 'run.0')).toEqual(expected);
  });
});
