import fc from 'fast-check';
import { type CronTrigger, cron, type IntervalTrigger, interval } from '../../../../packages/core/src/trigger/index.js';

/** Zones whose clocks change by half an hour, by two, at midnight, by whole days, twice within a Ramadan. */
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
    fc.constantFrom('*', '*', '*', '1', 'L', '15', '29', '*/9', 'H'),
    fc.constantFrom('*', '*', '*', '3', '10', '2', '3-11/4'),
    fc.constantFrom('*', '*', '*', '0', '1-5', '5L', '1#2', '7'),
  )
  .map((fields) => fields.join(' '));

export const durations = fc.constantFrom(1, 250, '5s', '2m', '3h', '2d') as fc.Arbitrary<number | '5s'>;

export const cronTriggers: fc.Arbitrary<CronTrigger> = fc
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

export const intervalTriggers: fc.Arbitrary<IntervalTrigger> = fc
  .record({
    milliseconds: fc.integer({ min: 1, max: 10 * DAY }),
    startAt: fc.option(
      instants.map((instant) => new Date(instant)),
      { nil: undefined },
    ),
    jitter: fc.option(durations, { nil: undefined }),
  })
  .map((options) => interval(options));

export const recurringTriggers = fc.oneof(
  { weight: 4, arbitrary: cronTriggers },
  { weight: 1, arbitrary: intervalTriggers },
);
