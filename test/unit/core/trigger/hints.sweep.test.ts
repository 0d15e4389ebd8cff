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

/** Returns the message, or null if the text is taken. */
function refusal(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

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
