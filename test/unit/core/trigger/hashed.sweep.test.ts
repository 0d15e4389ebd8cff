import { describe, expect, it } from 'vitest';
import { compileTrigger } from '../../../../packages/core/src/trigger/compile.js';
import { cron } from '../../../../packages/core/src/trigger/cron.js';
import { someOf, sweep } from '../../../support/sweep.js';

const START = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const DAYS = sweep(40, 400);

function fireMinutes(expression: string, jobId: string): number[] {
  const trigger = compileTrigger(cron(expression, { timezone: 'UTC' }), { jobId });
  const found: number[] = [];
  let next = trigger.next(new Date(START - 1));
  while (next && next.getTime() < START + DAYS * 1_440 * MINUTE_MS) {
    found.push((next.getTime() - START) / MINUTE_MS);
    next = trigger.next(next);
  }
  return found;
}

/** Looks at every minute of these days. A minute fires if a constant in place of `H` says so, always the same one. */
function judged(fires: (minute: number, hour: number) => boolean): number[] {
  return Array.from({ length: DAYS * 1_440 }, (_, minute) => minute).filter((minute) =>
    fires(minute % 60, Math.floor(minute / 60) % 24),
  );
}

describe.each(someOf(['a', 'daily-eu', '7', 'x:y'], 1))('H of job %s, against a walk over every minute', (jobId) => {
  it('means one minute and one hour', () => {
    const found = fireMinutes('H H * * *', jobId);
    const [first = Number.NaN] = found;
    expect(found).toEqual(judged((minute, hour) => minute === first % 60 && hour === Math.floor(first / 60)));
  });

  it('with a step, for one offset below the step', () => {
    const found = fireMinutes('H/15 * * * *', jobId);
    const [first = Number.NaN] = found;
    expect(first).toBeLessThan(15);
    expect(found).toEqual(judged((minute) => minute % 15 === first));
  });

  it('with a range, for one value of it', () => {
    const found = fireMinutes('30 H(8-17) * * *', jobId);
    const hour = Math.floor((found[0] ?? Number.NaN) / 60);
    expect([hour >= 8, hour <= 17]).toEqual([true, true]);
    expect(found).toEqual(judged((minute, at) => minute === 30 && at === hour));
  });
});
