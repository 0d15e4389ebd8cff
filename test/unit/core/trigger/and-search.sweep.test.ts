import fc from 'fast-check';
import { expect, it } from 'vitest';
import { and, compileTrigger, cron, or, type Trigger } from '../../../../packages/core/src/trigger/index.js';
import { sweep } from '../../../support/sweep.js';
import { isSmallEnough } from './arbitraries.js';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** Clock changes, gaps and folds, with zones whose clocks change then and zones next to them. */
const PLACES = [
  { middle: '2026-03-29T01:00Z', zones: ['Europe/Berlin', 'America/Nuuk', 'UTC'] },
  { middle: '2026-10-25T01:00Z', zones: ['Europe/Berlin', 'Asia/Beirut', 'America/New_York'] },
  { middle: '2026-04-04T15:00Z', zones: ['Australia/Lord_Howe', 'Pacific/Chatham', 'Asia/Kathmandu'] },
  { middle: '2026-10-03T15:30Z', zones: ['Australia/Lord_Howe', 'Australia/Sydney', 'UTC'] },
  { middle: '2011-12-30T10:00Z', zones: ['Pacific/Apia', 'Pacific/Pago_Pago', 'Asia/Tokyo'] },
  { middle: '2026-02-15T02:00Z', zones: ['Africa/Casablanca', 'Europe/London', 'Asia/Kolkata'] },
  { middle: '2028-02-29T12:00Z', zones: ['America/Sao_Paulo', 'Antarctica/Troll', 'UTC'] },
] as const;
/** Days on each side of the middle. */
const DAYS = sweep(6, 20);

/** A nest. It names its members by their numbers. */
type Nest = number | { readonly isAll: boolean; readonly parts: readonly Nest[] };

const fields = fc.record({
  minute: fc.constantFrom('0', '30', '0,30', '*/15', '*', '*', '10-50/20'),
  hour: fc.constantFrom('*', '*', '2', '0-4', '*/3', '23,0', '1,3,12'),
  day: fc.constantFrom('*', '*', '*', 'L', '15W', 'L-2', '1-31/2', '29,30', 'LW'),
  month: fc.constantFrom('*', '*', '2-4', '10,12'),
  weekday: fc.constantFrom('*', '*', '1-5', '0,6', 'sat#1,sun#5', '5L'),
});
const rules = fc.record({
  gap: fc.constantFrom('shift' as const, 'skip' as const),
  fold: fc.constantFrom('first' as const, 'second' as const, 'both' as const),
});
const nest: fc.Arbitrary<Nest> = fc.letrec<{ nest: Nest }>((tie) => ({
  nest: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.nat(4),
    fc.record({ isAll: fc.boolean(), parts: fc.array(tie('nest'), { minLength: 1, maxLength: 3 }) }),
  ),
})).nest;

const built = (one: Nest, members: readonly Trigger[]): Trigger => {
  if (typeof one === 'number') return members[one] as Trigger;
  const parts = one.parts.map((part) => built(part, members));
  return one.isAll ? and(...parts) : or(...parts);
};

/** Whether a nest fires at an instant, given which of its members fire. */
const holds = (one: Nest, isFire: (member: number) => boolean): boolean => {
  if (typeof one === 'number') return isFire(one);
  return one.isAll ? one.parts.every((part) => holds(part, isFire)) : one.parts.some((part) => holds(part, isFire));
};

it('nested and, or fire at the minutes that a scan finds, by what each cron names alone', () => {
  let fired = 0;
  const cases = fc.record({
    place: fc.constantFrom(...PLACES),
    members: fc.array(fc.record({ fields, zone: fc.nat(2), dst: fc.option(rules, { nil: undefined }) }), {
      minLength: 5,
      maxLength: 5,
    }),
    parts: fc.array(nest, { minLength: 2, maxLength: 3 }),
    stride: fc.integer({ min: 13, max: 977 }),
  });
  fc.assert(
    fc.property(cases, ({ place, members, parts, stride }) => {
      const from = Date.parse(place.middle) - DAYS * DAY;
      const to = Date.parse(place.middle) + DAYS * DAY;
      const crons = members.map(({ fields: { minute, hour, day, month, weekday }, zone, dst }) =>
        cron(`${minute} ${hour} ${day} ${month} ${weekday}`, { timezone: place.zones[zone], ...(dst && { dst }) }),
      );
      const whole: Nest = { isAll: true, parts };
      const trigger = built(whole, crons);
      fc.pre(isSmallEnough(trigger));
      const named = crons.map((member) => {
        const { nextMs } = compileTrigger(member);
        const found = new Set<number>();
        for (let fire = nextMs(from); fire !== null && fire <= to; fire = nextMs(fire)) found.add(fire);
        return found;
      });
      const expected: number[] = [];
      for (let minute = from + MINUTE; minute <= to; minute += MINUTE) {
        if (holds(whole, (member) => named[member]?.has(minute) ?? false)) expected.push(minute);
      }
      const { nextMs } = compileTrigger(trigger);
      const walked: number[] = [];
      for (let fire = nextMs(from); fire !== null && fire <= to; fire = nextMs(fire)) walked.push(fire);
      expect(walked).toEqual(expected);
      fired += walked.length > 0 ? 1 : 0;
      let later = 0;
      for (let asked = from; asked < (expected.at(-1) ?? 0); asked += stride * MINUTE - 1) {
        while ((expected[later] ?? 0) <= asked) later++;
        const answer = nextMs(asked);
        if (answer !== expected[later]) expect(answer, `from ${asked}`).toBe(expected[later]);
      }
    }),
    { numRuns: sweep(6, 400) },
  );
  expect(fired).toBeGreaterThan(sweep(-1, 40));
});
