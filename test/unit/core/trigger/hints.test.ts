import { compileTrigger, cron } from '@carillon/core';
import { expect, it } from 'vitest';
import { readCrontabField } from '../../../../packages/core/src/trigger/crontab-field.js';
import { type FieldName, fieldValues } from '../../../../packages/core/src/trigger/field-expression.js';

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
  /** The values that a text names. */
  readonly read: (text: string) => readonly number[];
}

const crontab = (index: number) => (text: string) => readCrontabField(index, text, 'seed', 6).values;
const inFields = (name: FieldName) => (text: string) => fieldValues(name, text);

const FIELDS: readonly Field[] = [
  { name: 'second', min: 0, max: 59, words: [], read: crontab(0) },
  { name: 'minute', min: 0, max: 59, words: [], read: crontab(1) },
  { name: 'hour', min: 0, max: 23, words: [], read: crontab(2) },
  { name: 'day-of-month', min: 1, max: 31, words: [], read: crontab(3) },
  { name: 'month', min: 1, max: 12, words: MONTHS, read: crontab(4) },
  { name: 'day-of-week', min: 0, max: 6, words: WEEKDAYS, read: crontab(5) },
  { name: 'month', min: 1, max: 12, words: MONTHS, read: inFields('month') },
  { name: 'day', min: 1, max: 31, words: [], read: inFields('day') },
  { name: 'week', min: 1, max: 53, words: [], read: inFields('week') },
  {
    name: 'dayOfWeek',
    min: 0,
    max: 6,
    words: ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'],
    read: inFields('dayOfWeek'),
  },
  { name: 'hour', min: 0, max: 23, words: [], read: inFields('hour') },
  { name: 'minute', min: 0, max: 59, words: [], read: inFields('minute') },
  { name: 'second', min: 0, max: 59, words: [], read: inFields('second') },
];

/** The message; null: it is taken. */
function refusal(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

const compiled = (trigger: () => Parameters<typeof compileTrigger>[0]) => refusal(() => compileTrigger(trigger()));

it('what a hint proposes compiles and means what was written; steps that it allows are taken, and no others', () => {
  let seen = 0;
  const wrong: string[] = [];
  for (const field of FIELDS) {
    const { min, max, words, read } = field;
    const size = max - min + 1;
    const starts = Array.from({ length: size }, (_, index) => min + index).filter(
      (value) => size < 8 || (value - min) % 5 === 0 || value === max,
    );
    for (const from of starts) {
      for (const to of starts) {
        const word = (value: number) => ((from + to) % 2 ? words[value - min] : undefined) ?? String(value);
        for (const step of [undefined, 0, 1, 2, 5, 8, 23, 60, 99]) {
          const text = `${word(from)}-${word(to)}${step === undefined ? '' : `/${step}`}`;
          const said = refusal(() => read(text));
          if (said === null) continue;
          seen += 1;
          const about = `${field.name} ${said}`;
          const [, proposed] = /write "([^"]+)"/.exec(said) ?? [];
          const [, longest] = /allowed are 1–(\d+), as it names (\S+)$/.exec(said) ?? [];
          if (proposed !== undefined) {
            const meant: number[] = [];
            const end = to < from ? to + size : to;
            for (let value = from; value <= end; value += step ?? 1) meant.push(value > max ? value - size : value);
            const isSame =
              refusal(() => read(proposed)) === null &&
              String(read(proposed)) === String(meant.sort((one, other) => one - other));
            if (!isSame) wrong.push(about);
          } else if (longest !== undefined) {
            const [range = ''] = text.split('/');
            const allowed = refusal(() => read(`${range}/${longest}`));
            const isTrue = said.endsWith(to < from ? ` ${range}` : ` ${from}–${to}`);
            if (!isTrue || (allowed !== null && !/write "/.test(allowed))) wrong.push(about);
            if (!/allowed are/.test(refusal(() => read(`${range}/${Number(longest) + 1}`)) ?? '')) wrong.push(about);
          } else wrong.push(about);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(3_000);
});

it.each([
  ['0 0 * * MON-SUN/8', 'cron: day-of-week "MON-SUN/8" has a step of 8; allowed are 1–6, as it names MON-SUN'],
  [
    '0 H(22-2) * * *',
    'cron: hour "H(22-2)" runs backwards; H picks from one range that goes up: write "H(22-23)" or "H(0-2)"',
  ],
  [
    '0 0 H(25-3) * *',
    'cron: day-of-month "H(25-3)" runs backwards; H picks from one range that goes up: write "H(25-28)" or "H(1-3)"',
  ],
  [
    '0 0 * * H(5-1)',
    'cron: day-of-week "H(5-1)" runs backwards; H picks from one range that goes up: write "H(5-6)" or "H(0-1)"',
  ],
])('%s: %s', (expression, message) => {
  expect(compiled(() => cron(expression))).toBe(message);
  const proposed = [...message.matchAll(/"(H\([^"]+\))"/g)].slice(1).map(([, part = '']) => part);
  for (const part of proposed) expect(compiled(() => cron(expression.replace(/H\(.*\)/, part)))).toBeNull();
});

it.each(['2027', '2027-2029', '2027/2', '2027,2028', '1999'])(
  'a year in the last field is for the field form: %s',
  (year) => {
    expect(compiled(() => cron(`0 0 1 1 * ${year}`))).toMatch(
      /of 6 fields, the first is the second: a year is for the field form, such as cron\(\{ year: 2027, month: 1, day: 1 \}\)$/,
    );
    expect(compiled(() => cron(`0 0 1 1 ${year}`))).toMatch(
      /is outside 0–7; a year is for the field form, such as cron/,
    );
    expect(compiled(() => cron('0 0 1 1 * 99'))).toMatch(/is outside 0–7$/);
    expect(compiled(() => cron(`${year} 0 1 1 *`))).not.toMatch(/year/);
  },
);

it('years that run backwards are proposed in their order', () => {
  const year = (text: string) => refusal(() => fieldValues('year', text));
  expect(year('2030-2027')).toBe('cron: year "2030-2027" runs backwards; write "2027-2030"');
  expect(year('2030-2027/2')).toBe('cron: year "2030-2027/2" runs backwards; write "2027-2030/2"');
});
