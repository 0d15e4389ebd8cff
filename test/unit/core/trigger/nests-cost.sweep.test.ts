import fc from 'fast-check';
import { expect, it } from 'vitest';
import { InvalidTriggerError } from '../../../../packages/core/src/errors.js';
import {
  and,
  type CronFieldOptions,
  calendarInterval,
  compileTrigger,
  cron,
  interval,
  or,
  type Trigger,
} from '../../../../packages/core/src/trigger/index.js';
import { cpuMs } from '../../../support/cpu-time.js';
import { sweep } from '../../../support/sweep.js';

const but = (left: number, first: number, count: number) =>
  Array.from({ length: count }, (_, index) => first + index)
    .filter((value) => value !== first + (left % count))
    .join();

/** The costly ones of their kind: they agree rarely or never, and no calendar shows that. */
const EXPRESSIONS: readonly ((number: number) => string | CronFieldOptions)[] = [
  // As long as a list can be.
  (number) => ({
    year: but(number, 2000, 102),
    month: but(number, 1, 12),
    day: but(number, 1, 31),
    week: but(number, 1, 53),
    dayOfWeek: but(number, 0, 7),
    hour: but(number, 0, 24),
    minute: Array(3)
      .fill(but(number, 0, 60))
      .join(),
    second: Array(3)
      .fill(but(number, 0, 60))
      .join(),
  }),
  (number) => `0 ${but(number, 0, 24)} * * *`,
  (number) => `* * ${but(number, 1, 31)} * *`,
  (number) => `* ${but(number, 0, 24)} ${number % 2 ? '1-31/2' : '2-30/2'} * *`,
  (number) => `${but(number, 0, 60)} * * * *`,
  (number) => `${number % 60} ${number % 24} 29 2 *`,
  (number) => `0 ${number % 24} 1W,LW * *`,
  (number) => `0 0 31 * ${number % 7}#5`,
  () => '0 9 * * *',
  () => '30 2 * 3 0L',
];
/** Zones whose clocks change often, in odd ways, or at midnight. */
const HOT = ['Africa/Casablanca', 'Asia/Gaza', 'Europe/Dublin', 'Antarctica/Troll', 'Australia/Lord_Howe'];
const DST = [
  undefined,
  { gap: 'skip', fold: 'first' },
  { gap: 'skip', fold: 'both' },
  { gap: 'shift', fold: 'both' },
] as const;

const number = fc.integer({ min: 0, max: 200 });
const zones = fc
  .tuple(fc.constantFrom(HOT, Intl.supportedValuesOf('timeZone')), fc.constantFrom(1, 1, 2, 3, 10, 50))
  .chain(([names, count]) => fc.array(fc.constantFrom(...names), { minLength: count, maxLength: count }));
const expression = fc.constantFrom(...EXPRESSIONS);
const dst = fc.constantFrom(...DST);

/** A trigger with a rhythm of its own. */
const odd = fc
  .tuple(number, fc.constantFrom(...HOT), fc.boolean())
  .map(([by, timezone, isInterval]) =>
    isInterval
      ? interval({ milliseconds: 86_399_999 + by, startAt: '1970-01-01T00:00:00Z' })
      : calendarInterval({ days: 1 + (by % 40), startDate: '1970-01-01', timezone }),
  );
/** Up to 50 of a kind, each a little different. */
const many = fc
  .tuple(zones, expression, dst, number, fc.integer({ min: 2, max: 49 }), fc.option(odd, { nil: undefined }))
  .map(([names, of, rule, first, count, other]) => {
    const crons = Array.from({ length: count }, (_, index) =>
      cron(of(first + index), { timezone: names[index % names.length], dst: rule }),
    );
    return and(...crons, ...(other ? [other] : []));
  });
const leaf: fc.Arbitrary<Trigger> = fc.oneof(
  odd,
  fc.tuple(zones, expression, dst, number).map(([[timezone], of, rule, by]) => cron(of(by), { timezone, dst: rule })),
);
const { nest } = fc.letrec<{ nest: Trigger }>((tie) => ({
  nest: fc
    .tuple(
      fc.boolean(),
      fc.array(fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, tie('nest')), {
        minLength: 2,
        maxLength: 4,
      }),
    )
    .map(([all, triggers]) => (all ? and(...triggers) : or(...triggers))),
}));

it('whatever nest is taken, compiling it and its first next end soon, from 1970 too; others are refused as soon', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(many, nest), fc.constantFrom(0, Date.UTC(2026, 10, 28)), (trigger, after) => {
      let fault: unknown;
      let nextMs: ((after: number) => number | null) | undefined;
      const compiling = cpuMs(() => {
        try {
          nextMs = compileTrigger(trigger).nextMs;
        } catch (error) {
          fault = error;
        }
      });
      if (!nextMs) expect(fault).toBeInstanceOf(InvalidTriggerError);
      else taken++;
      // The worst takes 60 to 105 ms in a new process while others are at work.
      expect(compiling).toBeLessThan(400);
      expect(cpuMs(() => nextMs?.(after))).toBeLessThan(400);
    }),
    { numRuns: sweep(12, 600) },
  );
  expect(taken).toBeGreaterThan(sweep(-1, 100));
});

it('clocks that are half a minute apart, as Monrovia and Abidjan until 1972, do not meet, which is seen soon', () => {
  const on = (days: string, timezone: string) => cron(`* * ${days} * *`, { timezone });
  const { nextMs } = compileTrigger(and(on('2-31', 'Africa/Abidjan'), on('1,3-31', 'Africa/Monrovia')));
  let next: number | null = null;
  expect(
    cpuMs(() => {
      next = nextMs(0);
    }),
  ).toBeLessThan(400);
  // On 7 January 1972 at 00:44:30 UTC, the clock of Monrovia moved from 00:00 to 00:44:30. Since then, it shows UTC.
  expect(next).toBe(Date.UTC(1972, 0, 7, 0, 45));
  const meets = and(
    cron({ second: '15', minute: '*', day: '2-31' }, { timezone: 'Africa/Abidjan' }),
    cron({ second: '45', minute: '*' }, { timezone: 'Africa/Monrovia' }),
  );
  expect(compileTrigger(meets).nextMs(0)).toBe(Date.UTC(1970, 0, 2, 0, 0, 15));
});
