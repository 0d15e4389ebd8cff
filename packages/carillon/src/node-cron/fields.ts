/** The values of a pattern, field by field: numbers, and words such as `L`, `15W`, `1#2` in the fields of days. */
export interface ParsedFields {
  readonly second: number[];
  readonly minute: number[];
  readonly hour: number[];
  readonly dayOfMonth: (number | string)[];
  readonly month: number[];
  readonly dayOfWeek: (number | string)[];
}

export type FieldName = keyof ParsedFields;

interface Field {
  readonly name: FieldName;
  readonly min: number;
  readonly max: number;
  /** Names of values, the first one that of `min`; each may be shortened to three letters. */
  readonly names?: readonly string[];
  /** The words that it accepts in addition to numbers. */
  readonly word?: RegExp;
}

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** The most values of a range. */
const MOST = 1_000;
const MONTH_DAY = /^(?:L|LW|L-(?:[1-9]|[12]\d|30)|(?:0?[1-9]|[12]\d|3[01])W)$/;

export const FIELDS: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'dayOfMonth', min: 1, max: 31, word: MONTH_DAY },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'dayOfWeek', min: 0, max: 6, names: WEEKDAYS, word: /^[0-7](?:L|#[1-5])$/ },
];

/** The values that the text of a field names, in its order; undefined if the text is wrong. */
export function valuesOf(field: Field, text: string): (number | string)[] | undefined {
  const isDay = field.word !== undefined;
  const named = withNumbers(text === '?' && isDay ? '*' : text, field).toUpperCase();
  const values: (number | string)[] = [];
  for (const item of named.split(',')) {
    const found = field.word?.test(item) ? [item] : numbersOf(field, item);
    if (!found) return undefined;
    values.push(...found);
  }
  return field.name === 'dayOfWeek' ? [...new Set(values.map(sundayAsZero))] : values;
}

/** Whether a list names each value of its field. */
export function isFull({ min, max }: Field, values: readonly (number | string)[]): boolean {
  return new Set(values.filter((value) => typeof value === 'number')).size === max - min + 1;
}

function withNumbers(text: string, { names = [], min }: Field): string {
  return text.replaceAll(/[a-z]{3,}/gi, (word) => {
    const lower = word.toLowerCase();
    const at = names.findIndex((name) => [name, name.slice(0, 3), `${name.slice(0, 3)}l`].includes(lower));
    if (at < 0) return word;
    // `friL`, the last Friday, is one word.
    return `${at + min}${lower.length === 4 && lower !== names[at] ? 'L' : ''}`;
  });
}

function numbersOf({ min, max, name }: Field, item: string): number[] | undefined {
  const [, whole, from = '', to, step] = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(item) ?? [];
  const [first, by] = [whole ? min : Number(from), step === undefined ? 1 : Number(step)];
  const last = whole ? max : Number(to ?? from);
  const isSingle = !whole && to === undefined;
  // Sunday is 7 too.
  const limit = name === 'dayOfWeek' ? 7 : max;
  if ((!whole && from === '') || by < 1 || (isSingle && step !== undefined)) return undefined;
  // Where an end lies outside, the values decide, as in node-cron: `0-24/9` is 0, 9 and 18.
  const size = max - min + 1;
  const length = first <= last ? last - first : (((last - first) % size) + size) % size;
  if (length > MOST) return undefined;
  const values = steps(first, first + length, by).map((value) => (last < first && value > max ? value - size : value));
  return values.every((value) => value >= min && value <= limit) ? values : undefined;
}

function steps(first: number, last: number, by: number): number[] {
  return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, index) => first + index * by);
}

function sundayAsZero(value: number | string): number | string {
  if (value === 7) return 0;
  return typeof value === 'string' ? value.replace(/^7/, '0') : value;
}
