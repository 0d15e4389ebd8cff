import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  aliases,
  count,
  countUpTo,
  duration,
  durationText,
  instant,
  jsonArray,
  jsonObject,
  list,
  port,
  share,
  since,
  wholeNumber,
} from '../../../packages/carillon/src/cli/options/values.js';

describe('values of options', () => {
  it('lists grow, by commas and by repetition', () => {
    expect(list('a, b', undefined)).toEqual(['a', 'b']);
    expect(list('c', ['a', 'b'])).toEqual(['a', 'b', 'c']);
    expect(aliases('b-1,c.2', ['a'])).toEqual(['a', 'b-1', 'c.2']);
  });

  it.each(['', ',', 'a,', 'a,,b'])('%j is not a list', (text) => {
    expect(() => list(text, undefined)).toThrow(InvalidArgumentError);
  });

  it.each(['a:b', 'a b', '{a}', 'x'.repeat(65)])('%j is not an alias', (text) => {
    expect(() => aliases(text, undefined)).toThrow(InvalidArgumentError);
  });

  it('counts from 1', () => {
    expect(count('17')).toBe(17);
    for (const text of ['0', '-1', '1.5', '1e3', '', ' ', 'x', '99999999999999999999']) {
      expect(() => count(text), text).toThrow(InvalidArgumentError);
    }
  });

  it('whole numbers from 0, and shares', () => {
    expect([wholeNumber('0'), wholeNumber('12')]).toEqual([0, 12]);
    for (const text of ['-1', '1.5', '1e3', '', 'x'])
      expect(() => wholeNumber(text), text).toThrow(InvalidArgumentError);
    expect([share('0'), share('0.25'), share('1')]).toEqual([0, 0.25, 1]);
    for (const text of ['-1', '1.1', '.5', '', '50%']) expect(() => share(text), text).toThrow(InvalidArgumentError);
  });

  it('where a log is read from', () => {
    for (const eventId of ['1790000000000-3', '1790000000000-0.3']) expect(since(eventId)).toBe(eventId);
    expect(since('2026-01-01T00:00:00Z')).toEqual(new Date('2026-01-01T00:00:00Z'));
    const from = since('10m') as Date;
    const ago = Date.now() - from.getTime();
    expect(ago).toBeGreaterThanOrEqual(600_000);
    expect(ago).toBeLessThan(660_000);
    expect(() => since('10')).toThrow('its unit is missing: 10ms, 10s');
    expect(() => since('99999999999999999999d')).toThrow('It is longer ago than 36500d.');
    for (const text of ['', '10', 'yesterday', '-5m', '1-', '2026-01-01']) {
      expect(() => since(text), text).toThrow(InvalidArgumentError);
    }
  });

  it('counts up to the most that a call takes', () => {
    expect(countUpTo(3)('3')).toBe(3);
    for (const text of ['4', '0', 'x']) expect(() => countUpTo(3)(text), text).toThrow(InvalidArgumentError);
  });

  it('ports', () => {
    expect([port('1'), port('65535')]).toEqual([1, 65_535]);
    for (const text of ['0', '65536', '', '6379x']) expect(() => port(text), text).toThrow(InvalidArgumentError);
  });

  it('durations need their unit', () => {
    expect(['40s', '1.5h', '500ms', '2w'].map(duration)).toEqual(['40s', '1.5h', '500ms', '2w']);
    for (const text of ['', '-5s', '5 s', '5min', 's', '1e3', '0', '30', '1.5']) {
      expect(() => duration(text), text).toThrow(InvalidArgumentError);
    }
  });

  it('durations are shown as they are taken', () => {
    const reported = [500, 30_000, 90_000, 5_400_000, 86_400_000, 604_800_000, 0, 1].map(durationText);
    expect(reported).toEqual(['500ms', '30s', '90s', '90m', '1d', '1w', '0ms', '1ms']);
    expect(reported.map(duration)).toEqual(reported);
  });

  it('instants say their offset', () => {
    expect(instant('2026-03-29T09:00:00+02:00').toISOString()).toBe('2026-03-29T07:00:00.000Z');
    expect(instant('2026-03-29 09:00Z').toISOString()).toBe('2026-03-29T09:00:00.000Z');
    const none = ['2026-03-29', '2026-03-29T09:00:00', '2026-13-29T09:00:00Z', '1790000000000', 'now', ''];
    for (const text of [...none, '2026-02-30T09:00:00Z', '2026-06-31 09:00 +0200', '2026-02-29T09:00Z']) {
      expect(() => instant(text), text).toThrow(InvalidArgumentError);
    }
  });

  it('JSON of the kind that is wanted', () => {
    expect(jsonArray('[1, {"a": null}]')).toEqual([1, { a: null }]);
    expect(jsonObject('{"a": [1]}')).toEqual({ a: [1] });
    for (const text of ['{}', '1', 'null', '[', '']) expect(() => jsonArray(text), text).toThrow(InvalidArgumentError);
    for (const text of ['[]', '"a"', 'null', '{']) expect(() => jsonObject(text), text).toThrow(InvalidArgumentError);
  });
});
