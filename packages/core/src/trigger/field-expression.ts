import { InvalidTriggerError } from '../errors.js';
import { forwards, stepInWords } from './cron-refusals.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The fields, from the largest to the smallest. */
const FIELDS = {
  year: { min: 1970, max: 9999, names: [], also: '' },
  month: { min: 1, max: 12, names: MONTHS, also: ', jan–dec' },
  day: { min: 1, max: 31, names: [], also: ', "last", "last-2", "last fri", "3rd mon"' },
  week: { min: 1, max: 53, names: [], also: '' },
  dayOfWeek: { min: 0, max: 6, names: WEEKDAYS, also: ' (0 = Monday), mon–sun' },
  hour: { min: 0, max: 23, names: [], also: '' },
  minute: { min: 0, max: 59, names: [], also: '' },
  second: { min: 0, max: 59, names: [], also: '' },
} as const;

export type FieldName = keyof typeof FIELDS;

export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

/** The names of the fields in texts for people. */
export const FIELD_WORDS = {
  year: 'year',
  month: 'month',
  day: 'day of the month',
  week: 'ISO week',
  dayOfWeek: 'day of the week',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
} as const satisfies Record<FieldName, string>;

/** The items of a comma-separated expression, without superfluous spaces. */
export function itemsOf(text: string): string[] {
  const items = text.split(',');
  return /\s/.test(text) ? items.map((item) => item.trim().replace(/\s+/g, ' ')) : items;
}

/** The values that an expression names, ascending. @throws InvalidTriggerError */
export function fieldValues(field: FieldName, text: string): readonly number[] {
  const values = new Set<number>();
  // A long list may repeat an item many times.
  for (const item of new Set(itemsOf(text))) {
    const { first, last, step } = range(field, item);
    // A range of weekdays may go past Sunday.
    for (let value = first; value <= last; value += step) values.add(value > FIELDS[field].max ? value - 7 : value);
  }
  return [...values].sort((a, b) => a - b);
}

/** The items `last`, `last-2`, `last fri` and `3rd mon` of a `day` expression, and its other items. */
export interface DayPositions {
  /** Days before the last one of the month. */
  readonly fromEnd: readonly number[];
  /** 0 means the last. */
  readonly positions: readonly { readonly nth: number; readonly weekday: number }[];
  readonly others: readonly string[];
}

const POSITION = /^(1st|2nd|3rd|4th|5th|last) (mon|tue|wed|thu|fri|sat|sun|[0-6])$/i;

const FROM_END = /^last(?:-([1-9]\d?))?$/i;

export function dayPositions(text: string): DayPositions {
  const items = [...new Set(itemsOf(text))];
  const positions = items.flatMap((item) => {
    const [, nth, weekday] = POSITION.exec(item) ?? [];
    if (!nth || !weekday) return [];
    return [{ nth: Number.parseInt(nth, 10) || 0, weekday: numberOf(weekday, WEEKDAYS, 0) }];
  });
  const fromEnd = items.flatMap((item) => {
    const [matched, before = '0'] = FROM_END.exec(item) ?? [];
    return matched === undefined || Number(before) > 30 ? [] : [Number(before)];
  });
  const others = items.filter((item) => !POSITION.test(item) && !(FROM_END.test(item) && Number(item.slice(5)) <= 30));
  return { positions, others, fromEnd };
}

const DIGITS = /^\d+$/;
const ITEM = /^(?:\*|([a-z]+|\d+)(?:-([a-z]+|\d+))?)(?:\/(\d+))?$/i;

function range(field: FieldName, item: string) {
  const { min, max, names } = FIELDS[field];
  // Most items of long lists are plain numbers.
  const number = DIGITS.test(item) ? Number(item) : Number.NaN;
  if (number >= min && number <= max) return { first: number, last: number, step: 1 };
  const [matched, from, to, by] = ITEM.exec(item) ?? [];
  if (matched === undefined) throw unreadable(field, item);
  const first = from === undefined ? min : numberOf(from, names, min);
  const open = from === undefined || (to === undefined && by !== undefined);
  const last = open ? max : to === undefined ? first : numberOf(to, names, min);
  if (Number.isNaN(first) || Number.isNaN(last)) throw unreadable(field, item);
  if (first < min || first > max || last < min || last > max) {
    throw refused(
      `${field} ${JSON.stringify(item)} is outside ${min}–${max}${field === 'dayOfWeek' ? ' (0 = Monday)' : ''}`,
    );
  }
  const wraps = last < first;
  if (wraps && field === 'year') throw yearsBackwards(item, by);
  const step = by === undefined ? 1 : Number(by);
  const end = wraps ? last + max - min + 1 : last;
  const longest = Math.max(1, end - first);
  if (step < 1 || step > longest) {
    throw refused(
      `${field} ${JSON.stringify(item)} ${stepInWords(item, { step: by ?? '', longest, start: first, end: last })}`,
    );
  }
  if (wraps && field !== 'dayOfWeek')
    throw runsBackwards(field, item, { start: first, end: last, step: by ? step : undefined });
  return { first, last: end, step };
}

/** NaN for a name that the field does not have. */
function numberOf(text: string, names: readonly string[], min: number): number {
  if (DIGITS.test(text)) return Number(text);
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? Number.NaN : index + min;
}

function runsBackwards(
  field: FieldName,
  item: string,
  range: { readonly start: number; readonly end: number; readonly step: number | undefined },
): InvalidTriggerError {
  const { min, max, names } = FIELDS[field];
  const named = (value: number) => names[value - min] ?? value;
  const [from, to] = item.split('-');
  const hint = range.step ? forwards(range, min, max) : `${from}-${named(max)},${named(min)}-${to}`;
  return refused(`${field} ${JSON.stringify(item)} runs backwards; write "${hint}"`);
}

/** For a range of years that runs backwards. Years do not repeat, so the earlier year has to be first. */
function yearsBackwards(item: string, by: string | undefined): InvalidTriggerError {
  const [from, to] = item.split('/')[0]?.split('-') ?? [];
  const step = by === undefined ? '' : `/${by}`;
  return refused(`year ${JSON.stringify(item)} runs backwards; write "${to}-${from}${step}"`);
}

function unreadable(field: FieldName, item: string): InvalidTriggerError {
  const { min, max, also } = FIELDS[field];
  return refused(
    `${field} ${JSON.stringify(item)} cannot be read; allowed are ${min}–${max}${also}, "*", ranges "a-b", steps "*/n", "a-b/n" and lists "a,b"`,
  );
}

function refused(message: string): InvalidTriggerError {
  return new InvalidTriggerError(`cron: ${message}`);
}
