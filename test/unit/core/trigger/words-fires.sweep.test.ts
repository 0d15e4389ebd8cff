import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileTrigger, cron, describeTrigger } from '../../../../packages/core/src/trigger/index.js';
import { sweep } from '../../../support/sweep.js';

const START = Date.UTC(2026, 0, 1);
/** A unit, its length, and how many of it make the next larger unit. */
const UNITS = { second: [1_000, 60], minute: [60_000, 60], hour: [3_600_000, 24] } as const;

/** Returns the rhythms in the words: `every 15 minutes` says that each fifteenth minute has a fire, and no other. */
function rhythmsOf(words: string) {
  return [...words.matchAll(/\bevery (?:(\d+) )?(second|minute|hour)s?\b/gi)].map(([, every, unit]) => {
    return { every: Number(every ?? 1), unit: UNITS[unit?.toLowerCase() as keyof typeof UNITS] };
  });
}

/** Returns which seconds of the first minute with a fire have one, or which minutes of the hour, or hours of the day. */
function valuesWithFires(
  nextMs: (after: number) => number | null,
  [length, count]: readonly [number, number],
): number[] {
  const first = nextMs(START - 1) ?? 0;
  const begin = Math.floor(first / (length * count)) * length * count;
  return Array.from({ length: count }, (_, value) => value).filter((value) => {
    const fire = nextMs(begin + value * length - 1);
    return fire !== null && fire < begin + (value + 1) * length;
  });
}

const part = (max: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: max - 1 }).map((step) => `*/${step}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.nat(max - 3), fc.nat(max))
        .map(([from, step]) => `${from}/${1 + (step % (max - 1 - from))}`),
    },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: max - 1 }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom('*', '0', '0-9/3', '1,2,3', '5-8') },
  );
const days = fc.constantFrom(
  ...['* * *', '* * 1-5', '1 * *', 'L-2 * *', '*/9 * *', '1 */5 *', '1W * *', 'LW * *', '15W,L-3W * *'],
  ...['* * 1#2,3#1', '* * FRI-MON', '* * 6-2/2', '1,LW * 5L', 'L-1 2 *', '? * 1-5', '1 * ?'],
);

it('words promise no rhythm that the fires do not have', () => {
  let promised = 0;
  fc.assert(
    fc.property(fc.option(part(60), { nil: undefined }), part(60), part(24), days, (second, minute, hour, day) => {
      const expression = [...(second === undefined ? [] : [second]), minute, hour, day].join(' ');
      const words = describeTrigger(cron(expression));
      const { nextMs } = compileTrigger(cron(expression));
      for (const { every, unit } of rhythmsOf(words)) {
        promised++;
        const values = valuesWithFires(nextMs, unit);
        // The last one and the first of the next hour or day are as far apart, unless the words name an end.
        const isBounded = /through|between/.test(words);
        const next = isBounded ? [] : [(values[0] ?? 0) + unit[1]];
        const all = [...values, ...next];
        const distances = all.slice(1).map((value, index) => value - (all[index] ?? 0));
        if (distances.length === 0) continue;
        expect([expression, words, new Set(distances)]).toEqual([expression, words, new Set([every])]);
      }
    }),
    { numRuns: sweep(100, 2_000) },
  );
  expect(promised).toBeGreaterThan(sweep(3, 100));
});

it.each([
  '*/50 * * * *',
  '*/7 * * * *',
  '0 */5 * * *',
  '5/15 * * * *',
  '*/45 10 * * *',
  '0 0 */9 * *',
  '0 0 1 */5 *',
  '0 0 * * */2',
])('%s is described as what it names', (expression) => {
  expect(describeTrigger(cron(expression))).not.toMatch(/every/i);
});

it.each([
  ['0 0 * * SUN-SUN', 'At 00:00, only on Sunday'],
  ['0 0 * * 7-7', 'At 00:00, only on Sunday'],
  ['0 0 * * 3-3', 'At 00:00, only on Wednesday'],
  ['0 0 * * 1-7', 'At 00:00, Monday through Sunday'],
  ['00005 07 * * *', 'At 07:05'],
])('%s is described as %s', (expression, words) => {
  expect(describeTrigger(cron(expression))).toBe(`${words}, in UTC`);
});
