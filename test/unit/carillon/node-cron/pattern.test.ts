import { compileTrigger } from '@carillon/core';
import fc from 'fast-check';
import theirs from 'node-cron';
import { describe, expect, it, vi } from 'vitest';
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
        // Where no fire is in sight for years, theirs looks through a hundred of them, day by day.
        if (!there || there.some((date) => date.getTime() > Date.UTC(2090, 0))) return;
        const compiled = compileTrigger(triggerOf(pattern, { timezone: 'UTC', jitterMs: 0 }));
        let at = new Date(Math.min(after, (there[0]?.getTime() ?? 0) - 1));
        const here = there.map(() => (at = compiled.next(at) as Date));
        expect([pattern, here]).toEqual([pattern, there]);
      }),
      { numRuns: 60 },
    );
  });

  it('fire at other times where clocks change: exactly those that the docs say', () => {
    const zone = { timezone: 'Europe/Berlin' };
    const theirsAfter = (pattern: string, from: string, count: number) => {
      const task = theirs.createTask(pattern, () => {}, zone);
      vi.useFakeTimers({ now: new Date(from), toFake: ['Date'] });
      const found = task.getNextRuns(count).map((date) => date.toISOString());
      vi.useRealTimers();
      void task.destroy();
      return found;
    };
    const oursAfter = (pattern: string, from: string, count: number) => {
      const compiled = compileTrigger(triggerOf(pattern, { ...zone, jitterMs: 0 }));
      const found: string[] = [];
      for (let at = compiled.next(new Date(from)); at && found.length < count; at = compiled.next(at))
        found.push(at.toISOString());
      return found;
    };
    // 29 March 2026: 02:30 does not exist.
    const gap = ['30 2 * * *', '2026-03-28T12:00:00Z', 1] as const;
    expect(oursAfter(...gap)).toEqual(['2026-03-29T01:30:00.000Z']);
    expect(theirsAfter(...gap)).toEqual(['2026-03-30T00:30:00.000Z']);
    // 25 October 2026: 02:00 to 03:00 comes twice.
    const fold = ['*/30 * * * *', '2026-10-24T23:45:00Z', 5] as const;
    expect(oursAfter(...fold).map((at) => at.slice(11, 16))).toEqual(['00:00', '00:30', '01:00', '01:30', '02:00']);
    expect(theirsAfter(...fold).map((at) => at.slice(11, 16))).toEqual(['01:00', '01:30', '02:00', '02:30', '03:00']);
  });

  it('are refused with the field, the value and what to do', () => {
    expect(() => parse('* 25 * * *')).toThrow('hour "25" is wrong: give numbers from 0 to 23');
    expect(() => parse('* * *')).toThrow('"* * *" has 3 fields: give 5, or 6 with seconds first');
    expect(() => parse('0 0 31 4,6 *')).toThrow('no month of "4,6" has a day "31"');
    expect(validateDetailed(7 as never).errors).toEqual([{ field: 'expression', message: '7 is not a text' }]);
  });

  it('are kept as they were written, where that means the same', () => {
    const textOf = (pattern: string) => JSON.stringify(triggerOf(pattern, { timezone: 'UTC', jitterMs: 0 }));
    expect(textOf('*/5 9-17 * * mon-fri')).toContain('0 */5 9-17 * * mon-fri');
    expect(textOf('0 0 13 * 5')).toMatch(/and.*0 0 0 13 \* \*.*0 0 0 \* \* 5/);
    expect(textOf('0 22-2 * * *')).toContain('0 0 22,23,0,1,2 * * *');
  });
});

function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
