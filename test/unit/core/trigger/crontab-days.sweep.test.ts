import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileTrigger,
  cron,
  describeTrigger,
  preview,
  triggerDigest,
} from '../../../../packages/core/src/trigger/index.js';
import { sweep } from '../../../support/sweep.js';

const DAY = 86_400_000;

interface Named {
  readonly text: string;
  readonly means: (day: Date) => boolean;
}

const dayOf = (day: Date) => day.getUTCDate();
const lastOf = (day: Date) => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

/** As Quartz defines it: the nearest weekday to a day, within its month. */
function isNearest(day: Date, target: number): boolean {
  if (target < 1 || target > lastOf(day)) return false;
  const year = day.getUTCFullYear();
  const month = day.getUTCMonth();
  const weekdays = Array.from({ length: lastOf(day) }, (_, index) => index + 1).filter((date) => {
    const weekday = new Date(Date.UTC(year, month, date)).getUTCDay();
    return weekday !== 0 && weekday !== 6;
  });
  // There are never two at the same distance: a Saturday's is Friday, a Sunday's is Monday.
  const [nearest] = weekdays.sort((a, b) => Math.abs(a - target) - Math.abs(b - target));
  return dayOf(day) === nearest;
}

const daysOfMonth: fc.Arbitrary<Named> = fc.oneof(
  fc.integer({ min: 1, max: 31 }).map((n) => ({ text: `${n}`, means: (day: Date) => dayOf(day) === n })),
  fc.integer({ min: 1, max: 31 }).map((n) => ({ text: `${n}W`, means: (day: Date) => isNearest(day, n) })),
  fc
    .integer({ min: 1, max: 30 })
    .map((n) => ({ text: `L-${n}`, means: (day: Date) => dayOf(day) === lastOf(day) - n })),
  fc
    .integer({ min: 1, max: 30 })
    .map((n) => ({ text: `l-${n}w`, means: (day: Date) => isNearest(day, lastOf(day) - n) })),
  fc.constant({ text: 'L', means: (day: Date) => dayOf(day) === lastOf(day) }),
  fc.constant({ text: 'LW', means: (day: Date) => isNearest(day, lastOf(day)) }),
  fc.constant({ text: '10-20/5', means: (day: Date) => [10, 15, 20].includes(dayOf(day)) }),
);

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const weekdayName = fc
  .integer({ min: 0, max: 7 })
  .chain((number) =>
    fc.constantFrom(`${number}`, WEEKDAYS[number % 7] ?? '').map((text) => ({ text, number: number % 7 })),
  );
const daysOfWeek: fc.Arbitrary<Named> = fc.oneof(
  weekdayName.map(({ text, number }) => ({ text, means: (day: Date) => day.getUTCDay() === number })),
  fc.tuple(weekdayName, fc.integer({ min: 1, max: 5 })).map(([{ text, number }, nth]) => ({
    text: `${text}#${nth}`,
    means: (day: Date) => day.getUTCDay() === number && Math.ceil(dayOf(day) / 7) === nth,
  })),
  weekdayName.map(({ text, number }) => ({
    text: `${text}L`,
    means: (day: Date) => day.getUTCDay() === number && dayOf(day) + 7 > lastOf(day),
  })),
  // Any range continues from day to day until its last day.
  fc.tuple(weekdayName, weekdayName).map(([from, to]) => {
    const named = new Set<number>();
    const all = from.number === 0 && from.text !== '7' && to.text === '7';
    for (let day = from.number; ; day = (day + 1) % 7) {
      named.add(day);
      if (day === to.number) break;
    }
    return { text: `${from.text}-${to.text}`, means: (day: Date) => all || named.has(day.getUTCDay()) };
  }),
);

const list = (items: fc.Arbitrary<Named>): fc.Arbitrary<Named> =>
  fc.array(items, { minLength: 1, maxLength: 3 }).map((all) => ({
    text: all.map(({ text }) => text).join(','),
    means: (day: Date) => all.some(({ means }) => means(day)),
  }));
const any: Named = { text: '*', means: () => true };

describe('the day fields of a crontab string', () => {
  it('name the days that they mean, alone, in lists, and either where both are restricted', () => {
    fc.assert(
      fc.property(
        fc.option(list(daysOfMonth), { nil: any }),
        fc.option(list(daysOfWeek), { nil: any }),
        fc.integer({ min: 1990, max: 2080 }),
        (ofMonth, ofWeek, year) => {
          const expression = `0 0 ${ofMonth.text} * ${ofWeek.text}`;
          const both = ofMonth !== any && ofWeek !== any;
          const means = (day: Date) =>
            both ? ofMonth.means(day) || ofWeek.means(day) : ofMonth.means(day) && ofWeek.means(day);
          const { nextMs } = compileTrigger(cron(expression));
          const expected: number[] = [];
          const found: number[] = [];
          const start = Date.UTC(year, 0, 1);
          const end = start + 430 * DAY;
          for (let day = start; day < end; day += DAY) if (means(new Date(day))) expected.push(day);
          for (let fire = nextMs(start - 1); fire !== null && fire < end; fire = nextMs(fire)) found.push(fire);
          expect([expression, found]).toEqual([expression, expected]);
          expect(describeTrigger(cron(expression))).toMatch(/^At 00:00/);
          expect(triggerDigest(cron(expression))).toMatch(/^[0-9a-f]{16}$/);
        },
      ),
      { numRuns: sweep(12, 150) },
    );
  });

  it('work in a zone, in preview and in words', () => {
    const trigger = cron('30 2 L-2 3 *', { timezone: 'Europe/Berlin' });
    const { fireTimes, warnings } = preview(trigger, { after: new Date('2026-01-01T00:00Z'), count: 1 });
    expect(fireTimes).toEqual([new Date('2026-03-29T01:30Z')]);
    expect(warnings).toHaveLength(1);
    expect(describeTrigger(trigger)).toBe(
      'At 02:30, only in March, on 2 days before the last day of the month, in Europe/Berlin',
    );
    const reported = (expression: string) => describeTrigger(cron(expression)).replace(', in UTC', '');
    expect(reported('0 9 1W,15W * *')).toBe(
      'At 09:00, on the weekday nearest day 1 and the weekday nearest day 15 of the month',
    );
    expect(reported('0 9 LW * *')).toBe('At 09:00, on the last weekday of the month');
    expect(reported('0 9 1,L-1 * FRI')).toBe(
      'At 09:00, on day 1 and 1 day before the last day of the month, or on Friday',
    );
    expect(reported('0 9 * * 1#2,3#1')).toBe('At 09:00, on the second Monday and first Wednesday of the month');
  });
});
