import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CarillonError } from '../../../../packages/core/src/errors.js';
import {
  and,
  calendarInterval,
  compileTrigger,
  cron,
  date,
  describeTrigger,
  interval,
  or,
  preview,
  type Trigger,
  triggerDigest,
  triggerText,
} from '../../../../packages/core/src/trigger/index.js';
import { sweep } from '../../../support/sweep.js';

const numbers = fc.oneof(
  fc.constantFrom(0, -0, -1, 1e-300, 0.5, 1e5, 1e9, 2 ** 31, 2 ** 53, 1e16, 1e21, 1e100, 1e308, Number.MAX_VALUE),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 8.64e15, 8.64e15 + 1),
  fc.double(),
  fc.integer(),
);
const instants = fc.oneof(
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(
    '+275760-09-13T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '0000-01-01T00:00:00Z',
    '-000001-01-01T00:00Z',
    '2026-01-01T00:00:00+99:99',
    '2026-13-45T99:99Z',
  ),
  numbers,
);
const durations = fc.oneof(
  numbers,
  numbers.map((number) => `${number}w`),
  fc.constantFrom(`${'9'.repeat(400)}w`, '1e9d', '0s'),
);
const texts = fc.oneof(
  numbers,
  numbers.map((number) => `*/${number}`),
  numbers.map((number) => `${number}-${number}/${number}`),
  numbers.map((number) => `last-${number}`),
  fc.constant('9'.repeat(300)),
);
const given = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

const record = (names: readonly string[], values: fc.Arbitrary<unknown>) =>
  fc.record(Object.fromEntries(names.map((name) => [name, given(values)])));
const window = { startAt: given(instants), endAt: given(instants), jitter: given(durations) };
const withWindow = (own: fc.Arbitrary<Record<string, unknown>>) =>
  fc.tuple(own, fc.record(window)).map(([fields, more]) => ({ ...fields, ...more }));

const intervals = withWindow(record(['weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'], numbers));
const calendars = record(['years', 'months', 'weeks', 'days', 'hour', 'minute', 'second'], numbers);
const fields = record(['year', 'month', 'day', 'week', 'dayOfWeek', 'hour', 'minute', 'second'], texts);
const lines = fc.array(texts.map(String), { minLength: 5, maxLength: 6 }).map((all) => all.join(' '));

type Make = () => Trigger;
const loose = (value: unknown) => value as never;
const leaves: fc.Arbitrary<Make> = fc.oneof(
  intervals.map((options) => () => interval(loose(options))),
  durations.map((text) => () => interval(loose(String(text)))),
  calendars.map((options) => () => calendarInterval(loose(options))),
  fc.tuple(fields, fc.record(window)).map(
    ([when, options]) =>
      () =>
        cron(loose(when), loose(options)),
  ),
  fc.tuple(lines, fc.record(window)).map(
    ([when, options]) =>
      () =>
        cron(when, loose(options)),
  ),
  instants.map((when) => () => date(loose(when))),
);
const raw: fc.Arbitrary<Make> = fc.oneof(
  intervals.map((options) => () => ({ type: 'interval', ...options }) as Trigger),
  calendars.map((options) => () => ({ type: 'calendarInterval', ...options }) as Trigger),
  fields.map((when) => () => ({ type: 'cron', fields: when }) as Trigger),
  lines.map((expression) => () => ({ type: 'cron', expression }) as Trigger),
  instants.map((at) => () => ({ type: 'date', at }) as unknown as Trigger),
);
/** Triggers that mean something: without them, all of some hundred may be refused. */
const sound: fc.Arbitrary<Make> = fc.integer({ min: 1, max: 9 }).map((minutes) => () => interval({ minutes }));
const makes: fc.Arbitrary<Make> = fc.oneof(
  { weight: 1, arbitrary: sound },
  { weight: 4, arbitrary: leaves },
  { weight: 2, arbitrary: raw },
  {
    weight: 1,
    arbitrary: fc.tuple(leaves, leaves).map(
      ([one, other]) =>
        () =>
          and(one(), other()),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(leaves, leaves).map(
      ([one, other]) =>
        () =>
          or(one(), other()),
    ),
  },
);

describe('numbers beyond all sense', () => {
  it('are named once each', () => {
    expect(() => calendarInterval({ months: 2 ** 53 })).toThrow(
      /^calendarInterval: months 9007199254740992 is not a whole number of 0 to 100,000$/,
    );
  });

  it('are refused by a sentence of ours, or mean something, in every field of every trigger', () => {
    let taken = 0;
    fc.assert(
      fc.property(makes, (make) => {
        try {
          const trigger = make();
          const compiled = compileTrigger(trigger, { now: new Date('2026-01-01T00:00Z') });
          for (const after of [-8.64e15, Date.UTC(2026, 0), 8.64e15]) {
            const next = compiled.nextMs(after);
            if (next === null) continue;
            expect(Number.isInteger(next) && next > after).toBe(true);
            expect(Number.isNaN(new Date(next + compiled.delayMs(next)).getTime())).toBe(false);
          }
          preview(trigger, { after: new Date('2026-01-01T00:00Z'), count: 3 });
          for (const text of [describeTrigger(trigger), triggerText(trigger), triggerDigest(trigger)])
            expect(text).not.toBe('');
          taken++;
        } catch (error) {
          expect(error).toBeInstanceOf(CarillonError);
          expect((error as Error).message).toMatch(/^(date|interval|cron|calendarInterval|and|or|trigger)\b.*[: ]/);
        }
      }),
      { numRuns: sweep(250, 4_000) },
    );
    expect(taken).toBeGreaterThan(sweep(0, 400));
  });

  it.each<[() => Trigger, string]>([
    [
      () => interval({ weeks: 1e300, days: 1 }),
      'interval: the step of weeks 1e+300, days 1 is longer than 10,000 years',
    ],
    [() => interval(loose('1000000w')), 'interval: the step of weeks 1000000 is longer than 10,000 years'],
    [() => interval({ hours: 1, jitter: 1e300 }), 'is longer than 366 days'],
    [() => cron('@daily', { jitter: '53w' }), 'is longer than 366 days'],
    [() => interval(loose(5)), 'interval: 5 is not a duration; give a string such as "500ms"'],
    [() => interval(loose(null)), 'interval: null is not a duration'],
    [() => calendarInterval({ years: 1e9 }), 'is not a whole number of 0 to 100,000'],
    [() => cron({ year: 1e15 }), 'year "1000000000000000" is outside 1970–9999'],
    [() => cron({ hour: 1e21 }), 'fields.hour 1e+21 is beyond what the field names'],
    [() => cron({ hour: 2.5 }), 'fields.hour 2.5 is neither a whole number nor'],
    [() => cron({ dayOfWeek: 7 }), 'dayOfWeek "7" is outside 0–6 (0 = Monday)'],
    [() => cron(loose({ hour: 9, timezone: 'Asia/Tokyo', dst: {} })), '; give timezone, dst beside the fields: cron({'],
    [() => date(new Date(8.64e15)), 'is not an instant'],
    [() => interval({ hours: 1, startAt: new Date(Number.NaN) }), 'is not an instant'],
  ])('case %#', (make, message) => {
    expect(() => compileTrigger(make())).toThrow(
      expect.objectContaining({ code: 'INVALID_TRIGGER', message: expect.stringContaining(message) }),
    );
  });
});
