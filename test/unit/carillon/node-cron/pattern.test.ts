import { compileTrigger } from '@carillon/core';
import theirs from 'node-cron';
import { describe, expect, it, vi } from 'vitest';
import { parse, validateDetailed } from '../../../../packages/carillon/src/node-cron/pattern.js';
import { triggerOf } from '../../../../packages/carillon/src/node-cron/trigger.js';

describe('patterns of node-cron', () => {
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
    // 25 October 2026: the hour from 02:00 to 03:00 occurs twice.
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
