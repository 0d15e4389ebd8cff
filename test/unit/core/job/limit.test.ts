import { cron, interval, or, type Trigger } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import { compileUnlimited } from '../../../../packages/core/src/job/limit.js';
import { START } from '../../../support/contract.js';

const HOUR = 3_600_000;
const of = (id: string, trigger: Trigger, anchor = START, timezone = 'UTC') =>
  compileUnlimited(id, { trigger, timezone, anchor });
/** Returns the next fire time and its delay. */
const first = (compiled: ReturnType<typeof of>) => {
  const fireTime = compiled.nextMs(START) ?? Number.NaN;
  return [fireTime, compiled.delayMs(fireTime)];
};

describe('the compiled trigger of jobs', () => {
  const startAt = new Date(START);

  it.each([
    ['an interval with a start', interval({ hours: 1, startAt })],
    ['a cron string', cron('0 9 * * *')],
    ['several triggers', or(cron('0 9 * * *'), interval({ hours: 1, startAt }))],
  ])('is shared where it is the same for all of them: %s', (_, trigger) => {
    expect(of('a', trigger)).toBe(of('b', trigger, START + 1));
    expect(of('a', trigger, START, 'Europe/Berlin')).not.toBe(of('a', trigger));
  });

  it('is one of its own where when the job was added plays a part', () => {
    const trigger = interval({ hours: 1 });
    expect(first(of('a', trigger))).toEqual([START + HOUR, 0]);
    expect(first(of('b', trigger, START + 5))).toEqual([START + HOUR + 5, 0]);
  });

  it.each([
    ['jitter', interval({ hours: 1, startAt, jitter: '30m' })],
    ['a hashed minute', cron('H 9 * * *')],
    ['jitter of one of several triggers', or(cron('0 9 * * *'), interval({ hours: 1, startAt, jitter: '30m' }))],
  ])('is one of its own where its id plays a part: %s', (_, trigger) => {
    const all = Array.from({ length: 40 }, (__, index) => String(first(of(`job-${index}`, trigger))));
    expect(new Set(all).size).toBeGreaterThan(1);
  });

  it('is one of its own where the trigger is an object that may be changed', () => {
    const trigger = { type: 'cron', expression: '0 9 * * *' } as const;
    expect(of('a', trigger)).not.toBe(of('a', trigger));
  });

  it('names instants, and delays, of a Date too', () => {
    const compiled = of('a', interval({ hours: 1, startAt, jitter: '30m' }));
    const [fireTime = 0, delayMs] = first(compiled);
    expect(compiled.next(startAt)).toEqual(new Date(fireTime));
    expect(compiled.delay(new Date(fireTime))).toBe(delayMs);
    expect(() => compiled.next(new Date(Number.NaN))).toThrow('next: after');
  });
});
