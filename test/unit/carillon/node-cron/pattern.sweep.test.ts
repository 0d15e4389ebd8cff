import { compileTrigger } from '@carillon/core';
import fc from 'fast-check';
import theirs from 'node-cron';
import { describe, expect, it } from 'vitest';
import { parse, validate, validateDetailed } from '../../../../packages/carillon/src/node-cron/pattern.js';
import { triggerOf } from '../../../../packages/carillon/src/node-cron/trigger.js';

const MONTHS = ['jan', 'FEB', 'march', 'April', 'may', 'jun', 'july', 'aug', 'sep', 'oct', 'nov', 'december'];
const WEEKDAYS = ['sun', 'Monday', 'tue', 'WED', 'thursday', 'fri', 'saturday'];

function item(min: number, max: number, names: readonly string[] = [], words: readonly string[] = []) {
  const number = fc.integer({ min, max }).map(String);
  const value = names.length > 0 ? fc.oneof(number, fc.constantFrom(...names)) : number;
  const step = fc.integer({ min: 0, max: max + 40 });
  const range = fc
    .tuple(value, fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.constant(`${max + 1}`) }))
    .map(([from, to]) => `${from}-${to}`);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant('*') },
    { weight: 4, arbitrary: value },
    { weight: 3, arbitrary: range },
    { weight: 2, arbitrary: fc.tuple(range, step).map(([text, by]) => `${text}/${by}`) },
    { weight: 2, arbitrary: step.map((by) => `*/${by}`) },
    ...(words.length > 0 ? [{ weight: 2, arbitrary: fc.constantFrom(...words) }] : []),
    { weight: 1, arbitrary: fc.constantFrom('', '5/15', '1-', '-1', '**', '1-2-3', '60', '99', 'x', 'L', '?', '05') },
  );
}

const field = (...given: Parameters<typeof item>) =>
  fc.array(item(...given), { minLength: 1, maxLength: 3 }).map((items) => items.join(','));

const PATTERN = fc
  .tuple(
    fc.option(field(0, 59), { nil: null }),
    field(0, 59),
    field(0, 23),
    field(1, 31, [], ['L', 'l-3', 'L-30', '15W', 'lw', '1w', '31W', '?', 'L-31', '32W']),
    field(1, 12, MONTHS),
    field(0, 7, WEEKDAYS, ['1#2', 'mon#1', '5L', 'friL', '7#5', '7l', '?', '1#6']),
  )
  .map((texts) => texts.filter((text) => text !== null).join(' '));

const NUM_RUNS = 300;

describe('patterns of node-cron', () => {
  it('are the same ones here, and name the same values', () => {
    fc.assert(
      fc.property(PATTERN, (pattern) => {
        expect([pattern, validate(pattern)]).toEqual([pattern, theirs.validate(pattern)]);
        const [here, there] = [validateDetailed(pattern), theirs.validateDetailed(pattern)];
        expect([here.valid, here.fields]).toEqual([there.valid, there.fields]);
        expect(here.errors.map((one) => one.field)).toEqual(there.errors.map((one) => one.field));
        if (here.valid) expect(parse(pattern)).toEqual(theirs.parse(pattern));
      }),
      { numRuns: NUM_RUNS, examples: [['0 0-24/9 1 * *'], ['0 0-24/8 * * *']] },
    );
  });

  it('fire at the same times, where no clock changes', () => {
    const soon = PATTERN.filter(validate);
    fc.assert(
      fc.property(soon, (pattern) => {
        const task = theirs.createTask(pattern, () => {}, { timezone: 'UTC' });
        const after = Date.now();
        const there = attempt(() => task.getNextRuns(3));
        void task.destroy();
        // Where no fire is near, node-cron searches a hundred years day by day.
        if (!there || there.some((date) => date.getTime() > Date.UTC(2090, 0))) return;
        const compiled = compileTrigger(triggerOf(pattern, { timezone: 'UTC', jitterMs: 0 }));
        let at = new Date(Math.min(after, (there[0]?.getTime() ?? 0) - 1));
        const here = there.map(() => (at = compiled.next(at) as Date));
        expect([pattern, here]).toEqual([pattern, there]);
      }),
      { numRuns: 60 },
    );
  });
});

function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
