import {
  CarillonError,
  calendarInterval,
  compileTrigger,
  cron,
  describeTrigger,
  interval,
  preview,
} from '@carillon/core';
import { expect, it } from 'vitest';

const given = <T>(value: unknown) => value as T;
const DAILY = cron('0 0 * * *');
const compiled = compileTrigger(DAILY);

const NUMBERS = [-1, Number.NaN, Number.POSITIVE_INFINITY, 1.5, 1e300, 10n];
const TEXTS = ['', 'x', '1'];
const ODD = [null, Symbol('s'), true, () => 1, [], ['a'], Object.create(null), new Date(Number.NaN)];
const DATES = [new Date(0), new Date(8.64e15)];
const OBJECTS = [{}, { a: 1 }];

type Call = (value: unknown) => unknown;

/** Each parameter, by its name in the error, with the values that it does not take. */
const PARAMETERS: readonly (readonly [name: string, call: Call, bad: readonly unknown[]])[] = [
  ['count', (count) => preview(DAILY, { count: given(count) }), [...NUMBERS, ...TEXTS, ...ODD, ...DATES, ...OBJECTS]],
  ['after', (after) => preview(DAILY, { after: given(after) }), [...NUMBERS, ...TEXTS, ...ODD, ...OBJECTS]],
  ['now', (now) => preview(DAILY, { now: given(now) }), [...NUMBERS, ...TEXTS, ...ODD, ...OBJECTS]],
  ['now', (now) => compileTrigger(DAILY, { now: given(now) }), [...NUMBERS, ...TEXTS, ...ODD, ...OBJECTS]],
  ['now', (now) => compileTrigger(interval('1h'), { now: given(now) }), [...NUMBERS, ...TEXTS, ...ODD, ...OBJECTS]],
  ...([preview, compileTrigger, describeTrigger] as const).flatMap((call) => [
    [
      'options',
      (options: unknown) => call(DAILY, given(options)),
      [...NUMBERS, ...TEXTS, null, true, [], ...DATES],
    ] as const,
    ['jobId', (id: unknown) => call(DAILY, { jobId: given(id) }), [...NUMBERS, ...ODD, ...DATES, ...OBJECTS]] as const,
    [
      'timezone|zone',
      (zone: unknown) => call(DAILY, { timezone: given(zone) }),
      [...NUMBERS, ...TEXTS, ...ODD.slice(1), ...DATES, ...OBJECTS],
    ] as const,
    [
      'trigger',
      (trigger: unknown) => call(given(trigger)),
      [undefined, ...NUMBERS, ...TEXTS, ...ODD, ...DATES, ...OBJECTS],
    ] as const,
  ]),
  ['after', (after) => compiled.next(given(after)), [undefined, ...NUMBERS, ...TEXTS, ...ODD, ...OBJECTS]],
  ['fireTime', (at) => compiled.delay(given(at)), [undefined, ...NUMBERS, ...TEXTS, ...ODD, ...OBJECTS]],
  ['after', (after) => compiled.nextMs(given(after)), [undefined, 10n, ...TEXTS, ...ODD, ...DATES, ...OBJECTS]],
  ['fireTime', (at) => compiled.delayMs(given(at)), [undefined, 10n, ...TEXTS, ...ODD, ...DATES, ...OBJECTS]],
  ['options', (options) => cron('0 0 * * *', given(options)), [null, ...NUMBERS, 'x', true, [], ...DATES]],
  [
    'interval|options',
    (options) => calendarInterval(given(options)),
    [undefined, null, ...NUMBERS, 'x', true, [], ...DATES],
  ],
  ['fields', (fields) => cron(given<never>(fields)), [[], ...DATES]],
  ['step', (step) => interval(given(step)), [[], ...DATES]],
];

it('each parameter refuses what it does not take, by an error of ours that names it', () => {
  const wrong: string[] = [];
  for (const [name, call, bad] of PARAMETERS) {
    for (const value of bad) {
      const said = outcomeOf(() => call(value));
      if (!new RegExp(`CarillonError: .*(${name})`).test(said))
        wrong.push(`${name} ${String(value?.constructor)}: ${said}`);
      if (/Cannot (read|convert|mix)|is not a function|\[object Object\]/.test(said)) wrong.push(said);
    }
  }
  expect(wrong).toEqual([]);
});

it('a Date of another realm is a Date', () => {
  class Foreign extends Date {}
  Object.defineProperty(Foreign, Symbol.hasInstance, { value: () => false });
  const after = Object.setPrototypeOf(new Date(0), Foreign.prototype);
  expect(preview(DAILY, { after, count: 1 }).fireTimes).toEqual([new Date(86_400_000)]);
});

function outcomeOf(call: () => unknown): string {
  try {
    return `it answers ${typeof call()}`;
  } catch (error) {
    return `${error instanceof CarillonError ? 'CarillonError' : 'another'}: ${(error as Error).message}`;
  }
}
