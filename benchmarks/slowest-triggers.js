/**
 * node benchmarks/slowest-triggers.js [seed] [triggers]: searches at random for the slowest triggers that can be stored, among nests of
 * many zones, long lists, rare days, calendars and intervals. For each way of planning, it prints the whole time, the number of steps and
 * the longest step, in ms of a clock: on a busy machine, a step may wait for a processor. A leader goes on to other jobs after 5 ms, between
 * two steps.
 */
import { and, calendarInterval, cron, interval, or } from '@carillon/core';
import fc from 'fast-check';
import { planInSteps } from '../packages/coordinator/dist/plan.js';
import { fireTimesInSteps } from '../packages/core/dist/trigger/compile.js';

const [SEED = 1, COUNT = 300] = process.argv.slice(2, 4).map(Number);
const DAY = 86_400_000;
const NOWS = ['2026-11-28T00:00Z', '2026-03-28T23:00Z', '2026-10-24T22:00Z', '2090-01-01T00:00Z'].map(Date.parse);
const HOT = ['Africa/Casablanca', 'Asia/Gaza', 'Europe/Dublin', 'Antarctica/Troll', 'Australia/Lord_Howe', 'UTC'];

const but = (left, first, count) =>
  Array.from({ length: count }, (_, index) => first + index)
    .filter((value) => value !== first + (left % count))
    .join();
const expressions = [
  (n) => ({
    year: but(n, 2000, 102),
    month: but(n, 1, 12),
    day: but(n, 1, 31),
    week: but(n, 1, 53),
    hour: but(n, 0, 24),
    minute: but(n, 0, 60),
    second: but(n, 0, 60),
  }),
  (n) => ({ week: 53, dayOfWeek: n % 7, hour: 2 }),
  (n) => `0 ${but(n, 0, 24)} * * *`,
  (n) => `* ${but(n, 0, 24)} ${n % 2 ? '1-31/2' : '2-30/2'} * *`,
  (n) => `${but(n, 0, 60)} * * * *`,
  (n) => `${n % 60} ${n % 24} 29 2 *`,
  (n) => `0 ${n % 24} 1W,LW * *`,
  (n) => `0 0 31 * ${n % 7}#5`,
  (n) => `${n % 60} 2 L-${n % 28} * *`,
  (n) => `*/${1 + (n % 29)} * * * * *`,
  () => '30 2 * 3 0L',
  () => '0 9 * * *',
];
const number = fc.nat(200);
const zones = fc
  .tuple(fc.constantFrom(HOT, Intl.supportedValuesOf('timeZone')), fc.constantFrom(1, 2, 3, 10, 50))
  .chain(([names, length]) => fc.array(fc.constantFrom(...names), { minLength: length, maxLength: length }));
const options = fc.record({
  dst: fc.constantFrom(undefined, { gap: 'skip', fold: 'first' }, { gap: 'shift', fold: 'both' }),
  jitter: fc.constantFrom(undefined, '30s', '300d'),
});
const odd = fc
  .tuple(number, fc.constantFrom(...HOT), fc.nat(3))
  .map(([by, timezone, kind]) =>
    [
      () => interval({ milliseconds: DAY - 1 + by, startAt: new Date(0) }),
      () => interval({ milliseconds: 1 + by, jitter: '1h' }),
      () => calendarInterval({ days: 1 + (by % 40), startDate: '1970-01-01', timezone }),
      () => calendarInterval({ months: 1 + (by % 14), startDate: '1970-01-31', timezone }),
    ][kind](),
  );
const crons = fc
  .tuple(zones, fc.constantFrom(...expressions), options, number, fc.integer({ min: 1, max: 49 }))
  .map(([names, of, rest, first, count]) =>
    Array.from({ length: count }, (_, index) =>
      cron(of(first + index), { timezone: names[index % names.length], ...rest }),
    ),
  );
const few = fc.tuple(fc.array(crons, { minLength: 1, maxLength: 3 }), fc.array(odd, { maxLength: 2 }));
const triggers = fc.oneof(
  fc.tuple(crons, fc.array(odd, { maxLength: 1 })).map(([many, others]) => and(...many, ...others)),
  fc.tuple(crons, fc.array(odd, { maxLength: 1 })).map(([many, others]) => or(...many, ...others)),
  few.map(([lists, others]) => and(...lists.map((many) => or(...many.slice(0, 10))), ...others)),
  few.map(([lists, others]) => or(...lists.map((many) => and(...many.slice(0, 3))), ...others)),
  odd,
);

const slowest = {};
let taken = 0;
for (const [trigger, now] of fc.sample(fc.tuple(triggers, fc.constantFrom(...NOWS)), { seed: SEED, numRuns: COUNT })) {
  const pending = { fireTime: now - 1, dueAt: now - 1 };
  let compiled;
  try {
    compiled = measured(
      'compile',
      trigger,
      fireTimesInSteps(trigger, { jobId: 'job', now: new Date(now - 400 * DAY) }),
    );
  } catch {
    continue;
  }
  taken += 1;
  const planned = (how, fire, at, coalesce = true) =>
    measured(how, trigger, planInSteps(compiled, { coalesce, misfireGraceMs: null }, fire, at));
  const { next } = planned('first plan', pending, now);
  if (!next) continue;
  planned('in time', next, next.dueAt);
  planned('a year late', next, next.dueAt + 366 * DAY);
  planned('an hour late, each fire by itself', next, next.dueAt + 3_600_000, false);
  planned('a year late, each fire by itself', next, next.dueAt + 366 * DAY, false);
}
console.log(`${taken} of ${COUNT} triggers can be stored; the others are refused`);
console.table(slowest);

/** Makes all steps, and records their times if they are the longest so far. */
function measured(how, trigger, steps) {
  let [all, longest] = [0, 0];
  for (let count = 1; ; count++) {
    const began = performance.now();
    const { done, value } = steps.next();
    const took = performance.now() - began;
    all += took;
    longest = Math.max(longest, took);
    if (!done) continue;
    slowest[how] ??= { ms: 0, steps: 0, 'longest step': 0, trigger: '' };
    const row = slowest[how];
    if (all > row.ms) Object.assign(row, { ms: Math.round(all), steps: count, trigger: shown(trigger) });
    row['longest step'] = Math.max(row['longest step'], Math.round(longest * 10) / 10);
    return value;
  }
}

function shown({ type, triggers = [], ...rest }) {
  const first = triggers[0] ?? rest;
  const of = triggers.length > 0 ? `${triggers.length} × ` : '';
  return `${type} ${of}${JSON.stringify(first).replaceAll(/"/g, '')}`.slice(0, 70);
}
