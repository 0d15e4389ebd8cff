import fc from 'fast-check';
import { InvalidTriggerError } from '../../../../packages/core/src/errors.js';
import {
  and,
  type CronTrigger,
  calendarInterval,
  compileTrigger,
  cron,
  type IntervalTrigger,
  interval,
  or,
  type Trigger,
} from '../../../../packages/core/src/trigger/index.js';

/** Zones whose clocks change by half an hour, by two hours, at midnight, by whole days, or twice around a Ramadan. */
const ZONES = [
  'UTC',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Europe/Berlin',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kwajalein',
];

/** Days around which one of these zones changes its clocks. */
const CHANGES = [
  '1993-08-21',
  '2011-12-30',
  '2026-02-15',
  '2026-03-22',
  '2026-03-29',
  '2026-04-05',
  '2026-09-27',
  '2026-10-25',
];

const DAY = 86_400_000;

export const instants: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: Date.UTC(1960), max: Date.UTC(2060) }),
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -DAY, max: 2 * DAY }))
    .map(([day, offset]) => Date.parse(day) + offset),
);

const expressions = fc
  .tuple(
    fc.constantFrom('0', '*/15', '30', '5,35', '59', 'H'),
    fc.constantFrom('*', '2', '0', '*/3', '1-4', '23', '0,1,2,3', 'H'),
    fc.constantFrom(
      '*',
      '*',
      '*',
      '*',
      '1',
      'L',
      '15',
      '29',
      '*/9',
      'H',
      '1W',
      '15W,31W',
      'LW',
      'L-2',
      '5,L-3W,L-30',
      '?',
    ),
    fc.constantFrom('*', '*', '*', '3', '10', '2', '3-11/4'),
    fc.constantFrom('*', '*', '*', '*', '0', '1-5', '5L', '1#2', '7', '1#2,3#1,5L', 'FRI-MON', '5-7', '6-2/2', '?'),
  )
  .map((fields) => fields.join(' '));

const durations = fc.constantFrom(1, 250, '5s', '2m', '3h', '2d') as fc.Arbitrary<number | '5s'>;

const cronTriggers: fc.Arbitrary<CronTrigger> = fc
  .record({
    expression: expressions,
    timezone: fc.constantFrom(...ZONES),
    jitter: fc.option(durations, { nil: undefined }),
    dst: fc.option(
      fc.record({ gap: fc.constantFrom('shift', 'skip'), fold: fc.constantFrom('first', 'second', 'both') }),
      { nil: undefined },
    ),
  })
  .map(({ expression, ...options }) => cron(expression, options));

const intervalTriggers: fc.Arbitrary<IntervalTrigger> = fc
  .record({
    milliseconds: fc.integer({ min: 1, max: 10 * DAY }),
    startAt: fc.option(
      instants.map((instant) => new Date(instant)),
      { nil: undefined },
    ),
    jitter: fc.option(durations, { nil: undefined }),
  })
  .map((options) => interval(options));

const fieldTriggers = fc
  .record({
    days: fc.oneof(
      fc.record({ day: fc.constantFrom('*', 'last', 'last-2', 'last-30,3', '1st mon,last sun', '*/9', '15-20', 31) }),
      fc.record({
        week: fc.constantFrom('*', '*/4', '20-40/3', 53),
        dayOfWeek: fc.constantFrom('mon-fri', '6', 'tue', 'fri-mon', 'sat-wed/2'),
      }),
    ),
    hour: fc.constantFrom('*', 2, '0-4', '*/6', 23),
    minute: fc.constantFrom('0', '*/20', 30),
    timezone: fc.constantFrom(...ZONES),
  })
  .map(({ timezone, days, hour, minute }) => cron({ ...days, hour, minute }, { timezone }));

const calendarTriggers = fc
  .record({
    months: fc.integer({ min: 0, max: 14 }),
    days: fc.integer({ min: 0, max: 40 }),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.constantFrom(0, 15, 30),
    startDate: fc.constantFrom('1969-01-31', '2011-12-01', '2024-02-29'),
    timezone: fc.constantFrom(...ZONES),
  })
  .filter(({ months, days }) => months + days > 0)
  .map((options) => calendarInterval(options));

const leaves: fc.Arbitrary<Trigger> = fc.oneof(
  { weight: 4, arbitrary: cronTriggers },
  { weight: 1, arbitrary: intervalTriggers },
  { weight: 1, arbitrary: fieldTriggers },
  { weight: 1, arbitrary: calendarTriggers },
);

const several = (parts: fc.Arbitrary<Trigger>) => fc.array(parts, { minLength: 1, maxLength: 3 });
const ands = several(leaves).map((triggers) => and(...triggers));
const ors = several(fc.oneof(leaves, ands)).map((triggers) => or(...triggers));

export const recurringTriggers: fc.Arbitrary<Trigger> = fc
  .oneof(
    { weight: 6, arbitrary: leaves },
    { weight: 1, arbitrary: ands },
    { weight: 2, arbitrary: ors },
    { weight: 1, arbitrary: several(ors).map((triggers) => and(...triggers)) },
  )
  .filter(isSmallEnough);

/** Nests that join too many zones, intervals or triggers are refused: never-fires.test.ts tests those. */
export function isSmallEnough(trigger: Trigger): boolean {
  try {
    compileTrigger(trigger, { now: new Date(0) });
    return true;
  } catch (error) {
    if (error instanceof InvalidTriggerError && /^and\/or: .*; make it smaller/.test(error.message)) return false;
    throw error;
  }
}
