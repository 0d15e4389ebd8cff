import { expect, it } from 'vitest';
import { readCrontabField } from '../../../../packages/core/src/trigger/crontab-field.js';
import { someOf } from '../../../support/sweep.js';

const IDS = Array.from({ length: 7_000 }, (_, index) => `job-${index}`);
const FIELDS = ['seconds', 'minutes', 'hours', 'day of month', 'months', 'weekdays'] as const;

function firstValue(form: string, index: number, id: string): number {
  return readCrontabField(index, form, id, 6).values[0] ?? -1;
}

/** The form, the index of its field, and how many values or offsets it may have. */
const FORMS = [
  ['H', 0, 60],
  ['H', 1, 60],
  ['H', 2, 24],
  ['H', 3, 28],
  ['H', 4, 12],
  ['H', 5, 7],
  ['H(10-29)', 0, 20],
  ['H(0-29)', 1, 30],
  ['H(8-17)', 2, 10],
  ['H(1-31)', 3, 31],
  ['H(4-9)', 4, 6],
  ['H(1-5)', 5, 5],
  ['H(0-7)', 5, 7],
  ['H(1-7)', 5, 7],
  ['H/10', 0, 10],
  ['H/15', 1, 15],
  ['H/7', 1, 7],
  ['H/6', 2, 6],
  ['H/9', 3, 9],
  ['H/5', 4, 5],
  ['H/2', 5, 2],
  ['H(10-40)/10', 1, 10],
  ['H(1-20)/4', 3, 4],
] as const;

it('H takes each value alike often, in every field and form', () => {
  for (const [form, index, size] of someOf(FORMS, 2)) {
    const counts = new Map<number, number>();
    const ids = form === 'H' ? IDS : IDS.slice(0, 2_000);
    for (const id of ids) {
      const value = firstValue(form, index, id);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const expected = ids.length / size;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect([FIELDS[index], form, counts.size]).toEqual([FIELDS[index], form, size]);
    // Its mean is size − 1 and its deviation √(2 size). Chance does not reach six deviations.
    expect([form, index, chiSquare < size - 1 + 6 * Math.sqrt(2 * size) + 3]).toEqual([form, index, true]);
  }
});

it('H of one field says nothing of H of another', () => {
  const pairs = new Map<string, number>();
  for (const id of IDS) {
    const pair = `${firstValue('H', 2, id)} ${firstValue('H', 5, id)}`;
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  expect(pairs.size).toBe(24 * 7);
  expect(Math.max(...pairs.values())).toBeLessThan((2 * IDS.length) / (24 * 7));
});
