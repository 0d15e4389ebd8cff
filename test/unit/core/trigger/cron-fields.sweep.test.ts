import { describe, expect, it } from 'vitest';
import { type CronFields, compileTrigger, cron } from '../../../../packages/core/src/trigger/index.js';
import { leastCpuMs } from '../../../support/cpu-time.js';
import { sweep } from '../../../support/sweep.js';

const firesOf = (fields: CronFields, after = '2026-01-01T00:00Z', count = 3) => {
  const trigger = compileTrigger(cron(fields));
  const fires: string[] = [];
  for (let fire = trigger.next(new Date(after)); fire && fires.length < count; fire = trigger.next(fire)) {
    fires.push(fire.toISOString().replace(/:00\.000Z$/, ''));
  }
  return fires;
};

const DAY = 86_400_000;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const monthOf = (day: Date) => MONTHS[day.getUTCMonth()];
const weekdayOf = (day: Date) => WEEKDAYS[(day.getUTCDay() + 6) % 7];
const dayOf = (day: Date) => day.getUTCDate();
const lastOf = (day: Date) => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();

/** By the textbook: a day is in the week of the Thursday of its week. */
function isoWeekOf(day: Date): number {
  const thursday = new Date(day.getTime() + (3 - ((day.getUTCDay() + 6) % 7)) * DAY);
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.floor((thursday.getTime() - newYear) / DAY / 7) + 1;
}

/** Each case with its meaning in separate code. */
const DAYS: readonly (readonly [fields: CronFields, means: (day: Date) => boolean])[] = [
  [{ day: 'last' }, (day) => dayOf(day) === lastOf(day)],
  [{ day: 'LAST Fri' }, (day) => weekdayOf(day) === 'fri' && dayOf(day) + 7 > lastOf(day)],
  [{ day: 'last 4' }, (day) => weekdayOf(day) === 'fri' && dayOf(day) + 7 > lastOf(day)],
  [{ day: '3rd mon' }, (day) => weekdayOf(day) === 'mon' && dayOf(day) >= 15 && dayOf(day) <= 21],
  [{ day: '5th  sun' }, (day) => weekdayOf(day) === 'sun' && dayOf(day) > 28],
  [
    { day: '1st mon, last , 10' },
    (day) => {
      return dayOf(day) === 10 || dayOf(day) === lastOf(day) || (weekdayOf(day) === 'mon' && dayOf(day) <= 7);
    },
  ],
  [{ day: 'last-2, LAST-30' }, (day) => dayOf(day) === lastOf(day) - 2 || dayOf(day) === lastOf(day) - 30],
  [{ dayOfWeek: 'fri-mon' }, (day) => ['fri', 'sat', 'sun', 'mon'].includes(weekdayOf(day) ?? '')],
  [{ dayOfWeek: 'sat-tue/2' }, (day) => ['sat', 'mon'].includes(weekdayOf(day) ?? '')],
  [{ day: '*/7' }, (day) => dayOf(day) % 7 === 1],
  [{ day: '4/9' }, (day) => [4, 13, 22, 31].includes(dayOf(day))],
  [{ day: '4-20/9' }, (day) => [4, 13].includes(dayOf(day))],
  [{ month: 'feb-MAY/2', day: '29-31' }, (day) => ['feb', 'apr'].includes(monthOf(day) ?? '') && dayOf(day) >= 29],
  [{ month: 'dec,1', day: 24 }, (day) => ['dec', 'jan'].includes(monthOf(day) ?? '') && dayOf(day) === 24],
  [{ month: 2 }, (day) => monthOf(day) === 'feb' && dayOf(day) === 1],
  [
    { year: '2000-2400/100', month: 2, day: 'last' },
    (day) => {
      return day.getUTCFullYear() % 100 === 0 && monthOf(day) === 'feb' && dayOf(day) === lastOf(day);
    },
  ],
  [{ year: 2040 }, (day) => day.getUTCFullYear() === 2040 && monthOf(day) === 'jan' && dayOf(day) === 1],
  [{ dayOfWeek: 'mon-fri/2' }, (day) => ['mon', 'wed', 'fri'].includes(weekdayOf(day) ?? '')],
  [{ dayOfWeek: 0 }, (day) => weekdayOf(day) === 'mon'],
  [{ dayOfWeek: 'sat,6' }, (day) => ['sat', 'sun'].includes(weekdayOf(day) ?? '')],
  [{ day: '13', dayOfWeek: 'fri' }, (day) => dayOf(day) === 13 && weekdayOf(day) === 'fri'],
  [{ week: 53 }, (day) => isoWeekOf(day) === 53],
  [{ week: '1', dayOfWeek: 'mon' }, (day) => isoWeekOf(day) === 1 && weekdayOf(day) === 'mon'],
  [
    { week: '*/13', month: '1-11', day: '*', dayOfWeek: 'sun' },
    (day) => {
      return [1, 14, 27, 40, 53].includes(isoWeekOf(day)) && weekdayOf(day) === 'sun' && monthOf(day) !== 'dec';
    },
  ],
];

/** Each case names a day of the few years. A whole sweep has 2100 too, which is not a leap year. */
const [FIRST_YEAR, LAST_YEAR] = sweep([1999, 2040], [1980, 2109]);

describe('cron from fields', () => {
  it.each(DAYS)('%j names just the days it means, over decades', (fields, means) => {
    const { nextMs } = compileTrigger(cron(fields));
    let expected = 0;
    let wrong = 0;
    let fire = nextMs(Date.UTC(FIRST_YEAR - 1, 11, 31));
    for (let day = Date.UTC(FIRST_YEAR, 0, 1); day < Date.UTC(LAST_YEAR + 1, 0, 1); day += DAY) {
      const named = means(new Date(day));
      if (named) expected++;
      if (named !== (fire === day)) wrong++;
      if (fire === day) fire = nextMs(day);
    }
    expect(wrong).toBe(0);
    expect(expected).toBeGreaterThan(0);
  });

  it.each<[CronFields, string[]]>([
    [{ hour: 9 }, ['2026-01-01T09:00', '2026-01-02T09:00', '2026-01-03T09:00']],
    [{ minute: '*/40' }, ['2026-01-01T00:40', '2026-01-01T01:00', '2026-01-01T01:40']],
    [{ second: '30' }, ['2026-01-01T00:00:30.000Z', '2026-01-01T00:01:30.000Z', '2026-01-01T00:02:30.000Z']],
    [{ hour: '*' }, ['2026-01-01T01:00', '2026-01-01T02:00', '2026-01-01T03:00']],
    [{ hour: 4, second: 5 }, ['2026-01-01T04:00:05.000Z', '2026-01-01T04:01:05.000Z', '2026-01-01T04:02:05.000Z']],
    [{ year: '2027,2026', month: 1, day: '*' }, ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    [{ day: '*' }, ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    [{ week: 2 }, ['2026-01-05T00:00', '2026-01-06T00:00', '2026-01-07T00:00']],
    [{ month: 'jul' }, ['2026-07-01T00:00', '2027-07-01T00:00', '2028-07-01T00:00']],
    [{ year: 2028 }, ['2028-01-01T00:00']],
  ])('%j: smaller fields are at their minimum, larger ones are any', (fields, expected) => {
    expect(firesOf(fields)).toEqual(expected);
  });

  it('is frozen data with just the fields that were given', () => {
    const trigger = cron({ hour: 9, minute: undefined, dayOfWeek: 'mon-fri' }, { timezone: 'Europe/Berlin' });
    expect(trigger).toStrictEqual({
      type: 'cron',
      fields: { hour: 9, dayOfWeek: 'mon-fri' },
      timezone: 'Europe/Berlin',
    });
    expect(Object.isFrozen(trigger.fields)).toBe(true);
  });

  const allowed = '"*", ranges "a-b", steps "*/n", "a-b/n" and lists "a,b"';
  it.each<[CronFields, string]>([
    [{ hour: 25 }, 'hour "25" is outside 0–23'],
    [{ hour: '20-24' }, 'hour "20-24" is outside 0–23'],
    [{ minute: '0, 60' }, 'minute "60" is outside 0–59'],
    [{ year: 1969 }, 'year "1969" is outside 1970–9999'],
    [{ week: 54 }, 'week "54" is outside 1–53'],
    [{ dayOfWeek: 7 }, 'dayOfWeek "7" is outside 0–6 (0 = Monday)'],
    [{ month: '0' }, 'month "0" is outside 1–12'],
    [{ minute: '*/60' }, 'minute "*/60" has a step of 60; allowed are 1–59, as it names 0–59'],
    [{ minute: '*/0' }, 'minute "*/0" has a step of 0; allowed are 1–59, as it names 0–59'],
    [{ hour: '8-10/5' }, 'hour "8-10/5" has a step of 5; allowed are 1–2, as it names 8–10'],
    [{ hour: '22-6' }, 'hour "22-6" runs backwards; write "22-23,0-6"'],
    [{ hour: '22-6/3' }, 'hour "22-6/3" runs backwards; write "22,1,4"'],
    [
      { day: 'last-31' },
      `day "last-31" cannot be read; allowed are 1–31, "last", "last-2", "last fri", "3rd mon", ${allowed}`,
    ],
    [{ hour: '' }, `hour "" cannot be read; allowed are 0–23, ${allowed}`],
    [{ hour: '1,,2' }, `hour "" cannot be read; allowed are 0–23, ${allowed}`],
    [{ hour: 'noon' }, `hour "noon" cannot be read; allowed are 0–23, ${allowed}`],
    [{ month: 'foo' }, `month "foo" cannot be read; allowed are 1–12, jan–dec, ${allowed}`],
    [{ dayOfWeek: 'L' }, `dayOfWeek "L" cannot be read; allowed are 0–6 (0 = Monday), mon–sun, ${allowed}`],
    [
      { day: '6th mon' },
      `day "6th mon" cannot be read; allowed are 1–31, "last", "last-2", "last fri", "3rd mon", ${allowed}`,
    ],
    [{ minute: '1.5' }, `minute "1.5" cannot be read; allowed are 0–59, ${allowed}`],
    [
      { month: 2, day: 30 },
      'fields {"month":2,"day":30} never fire: no day matches them all; change year, month, day, week or dayOfWeek',
    ],
    [
      { year: 2027, month: 2, day: 29 },
      'fields {"year":2027,"month":2,"day":29} never fire: no day matches them all; change year, month, day, week or dayOfWeek',
    ],
    [
      { month: 6, week: 1, day: '*' },
      'fields {"month":6,"day":"*","week":1} never fire: no day matches them all; change year, month, day, week or dayOfWeek',
    ],
  ])('%j is refused', (fields, message) => {
    expect(() => compileTrigger(cron(fields))).toThrow(
      expect.objectContaining({ code: 'INVALID_TRIGGER', message: `cron: ${message}` }),
    );
  });

  it.each([
    [{}, /^cron: fields \{\} names no field; give at least one of year, month, day, week, dayOfWeek, hour/],
    [{ hour: 1.5 }, /^cron: fields.hour 1.5 is neither a whole number nor an expression/],
    [{ hour: true }, /^cron: fields.hour true is neither/],
    [{ weekday: 1 }, /^cron: fields: unknown field "weekday"; allowed are year, month, day, week, dayOfWeek/],
  ])('%j has not the form', (fields, message) => {
    expect(() => cron(fields as CronFields)).toThrow(message);
  });

  it('is reported to be impossible at once', () => {
    for (const fields of [
      { month: 2, day: 30 },
      { year: '1971-9999/4', month: 2, day: 29 },
    ]) {
      const refuse = () => expect(() => compileTrigger(cron(fields))).toThrow('never fire');
      expect(leastCpuMs(20, 10, refuse)).toBeLessThan(10);
    }
  });
});
