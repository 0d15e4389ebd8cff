import { describe, expect, it } from 'vitest';
import { compileTrigger, cron } from '../../../../packages/core/src/trigger/index.js';
import { someOf } from '../../../support/sweep.js';
import { type Dst, judge, type Matches } from './wall-clock-judge.js';

const CHANGES: readonly (readonly [zone: string, day: string])[] = [
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Pacific/Chatham', '2026-04-04T14:00Z'],
  ['Pacific/Chatham', '2026-09-26T14:00Z'],
  ['Asia/Beirut', '2026-03-28T22:00Z'],
  ['Asia/Beirut', '2026-10-24T21:00Z'],
  ['America/Santiago', '2026-04-05T03:00Z'],
  ['America/Santiago', '2026-09-06T04:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00Z'],
  ['Antarctica/Troll', '2026-03-29T01:00Z'],
  ['Antarctica/Troll', '2026-10-25T01:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Pacific/Kwajalein', '1993-08-21T12:00Z'],
  ['Pacific/Kwajalein', '1969-09-30T13:00Z'],
];

const minute = (clock: Date) => clock.getUTCMinutes();
const hour = (clock: Date) => clock.getUTCHours();

const EXPRESSIONS: readonly (readonly [expression: string, matches: Matches])[] = [
  ['*/20 * * * *', (clock) => minute(clock) % 20 === 0],
  ['7 0-23 * * *', (clock) => minute(clock) === 7],
  ['0 0 * * *', (clock) => minute(clock) === 0 && hour(clock) === 0],
  ['15 2 * * *', (clock) => minute(clock) === 15 && hour(clock) === 2],
  ['*/10 2,3 * * *', (clock) => minute(clock) % 10 === 0 && (hour(clock) === 2 || hour(clock) === 3)],
  ['30,45 0-4 * * *', (clock) => (minute(clock) === 30 || minute(clock) === 45) && hour(clock) <= 4],
  ['59 23 * * *', (clock) => minute(clock) === 59 && hour(clock) === 23],
  ['0 */6 * * *', (clock) => minute(clock) === 0 && hour(clock) % 6 === 0],
  ['5 1 * * 0', (clock) => minute(clock) === 5 && hour(clock) === 1 && clock.getUTCDay() === 0],
  [
    '40 9 L,30 * *',
    (clock) => minute(clock) === 40 && hour(clock) === 9 && (clock.getUTCDate() === 30 || isLast(clock)),
  ],
];

const isLast = (clock: Date) => new Date(clock.getTime() + 86_400_000).getUTCDate() === 1;

const RULES: readonly Dst[] = (['shift', 'skip'] as const).flatMap((gap) =>
  (['first', 'second', 'both'] as const).map((fold) => ({ gap, fold })),
);

const ALL_HOURS = ['*/20 * * * *', '7 0-23 * * *'];

describe.each(someOf(CHANGES, 3))('around the change of clocks in %s at %s', (zone, day) => {
  const judged = judge(zone, day);

  it.each(EXPRESSIONS)('%s fires when the rule says, asked from anywhere', (expression, matches) => {
    for (const dst of [undefined, ...someOf(RULES, 1)]) {
      const usual: Dst = ALL_HOURS.includes(expression)
        ? { gap: 'skip', fold: 'both' }
        : { gap: 'shift', fold: 'first' };
      const expected = judged.fires(matches, dst ?? usual);
      const trigger = compileTrigger(cron(expression, { timezone: zone, dst }));

      const walked: number[] = [];
      for (let fire = trigger.nextMs(judged.from); fire !== null && fire <= judged.to; fire = trigger.nextMs(fire)) {
        walked.push(fire);
      }
      expect(walked, JSON.stringify(dst)).toEqual(expected);

      let later = 0;
      for (let asked = judged.from; asked < (expected.at(-1) ?? 0); asked += 13 * 60_000 - 1) {
        while ((expected[later] ?? 0) <= asked) later++;
        const answer = trigger.nextMs(asked);
        // Compared before the assertion, because there are half a million.
        if (answer !== expected[later]) expect(answer, `${JSON.stringify(dst)} from ${asked}`).toBe(expected[later]);
      }
    }
  });
});

describe('the default rule', () => {
  const firesOf = (expression: string, timezone: string, after: string, count: number) => {
    const trigger = compileTrigger(cron(expression, { timezone }));
    const fires: string[] = [];
    for (let fire = trigger.next(new Date(after)); fire && fires.length < count; fire = trigger.next(fire)) {
      fires.push(fire.toISOString().slice(0, 16));
    }
    return fires;
  };

  it('shifts a time of day out of the gap, and takes the first pass of a fold', () => {
    expect(firesOf('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 2)).toEqual([
      '2026-03-29T01:30',
      '2026-03-30T00:30',
    ]);
    expect(firesOf('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it('lets a trigger of all hours follow real time, however they are written', () => {
    for (const hours of ['*', '*/1', '0-23', '0-11,12-23']) {
      expect(firesOf(`0 ${hours} * * *`, 'Europe/Berlin', '2026-10-24T23:30Z', 4)).toEqual([
        '2026-10-25T00:00',
        '2026-10-25T01:00',
        '2026-10-25T02:00',
        '2026-10-25T03:00',
      ]);
    }
  });

  it('fires once for two wall-clock times that resolve to one instant', () => {
    expect(firesOf('30 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 2)).toEqual([
      '2026-03-29T01:30',
      '2026-03-30T00:30',
    ]);
    expect(firesOf('0 9 * * *', 'Pacific/Apia', '2011-12-29T12:00Z', 3)).toEqual([
      '2011-12-29T19:00',
      '2011-12-30T19:00',
      '2011-12-31T19:00',
    ]);
  });
});
