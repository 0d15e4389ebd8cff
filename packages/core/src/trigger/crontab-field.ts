import { hash } from 'node:crypto';
import {
  refusedBackwards,
  refusedField,
  refusedHashedBackwards,
  refusedOutside,
  refusedQuestion,
  refusedStep,
} from './cron-refusals.js';

/** The content of a field of a crontab string. Only the two day fields use the lists other than `values`. */
export interface CrontabField {
  /** Ascending; weekdays are 0–6, 0 = Sunday. */
  readonly values: readonly number[];
  /** `L`, `L-2`: days before the last one of the month. */
  readonly fromEnd: readonly number[];
  /** `15W`: the nearest weekday to a day of the month. */
  readonly nearest: readonly number[];
  /** `LW`, `L-2W`: the nearest weekday to a day that is counted back from the last one. */
  readonly nearestFromEnd: readonly number[];
  /** `1#2`, `5L`: a weekday of the month; 0 means the last. */
  readonly positions: readonly { readonly nth: number; readonly weekday: number }[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
export const WEEKDAYS: readonly string[] = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** By index: second, minute, hour, day of month, month, day of week. */
const FIELDS = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 7, names: WEEKDAYS },
] as const;

const [DAY_OF_MONTH, DAY_OF_WEEK] = [3, 5] as const;

interface Item {
  readonly index: number;
  readonly text: string;
  readonly seed: string;
  /** How many fields the string has. */
  readonly fields: number;
}

/** @throws InvalidTriggerError naming the field, its value and what is allowed. */
export function readCrontabField(index: number, text: string, seed: string, fields: number): CrontabField {
  if (text === '?' && (index === DAY_OF_MONTH || index === DAY_OF_WEEK))
    return readCrontabField(index, '*', seed, fields);
  if (text.includes('?')) throw refusedQuestion(index, text, fields);
  const texts = text.split(',');
  if (texts.includes('')) throw refusedField(index, text);
  const { min, max } = FIELDS[index] ?? FIELDS[0];
  const numbers = new Set<number>();
  const read = texts.flatMap((shown, position) => {
    const number = /^\d+$/.test(shown) ? Number(shown) : Number.NaN;
    // A list may have hundreds of plain numbers, which need no further checks.
    if (number >= min && number <= max) {
      numbers.add(index === DAY_OF_WEEK ? number % 7 : number);
      return [];
    }
    const item = shown.toUpperCase();
    const special = index === DAY_OF_MONTH ? dayOfMonth(item) : index === DAY_OF_WEEK ? weekday(item) : undefined;
    return special ?? { values: valuesOf(item, { index, text: shown, seed: `${seed} ${index} ${position}`, fields }) };
  });
  const all = <T>(of: (field: Partial<CrontabField>) => readonly T[] | undefined) =>
    read.flatMap((item) => of(item) ?? []);
  return {
    values: [...new Set([...numbers, ...all((item) => item.values)])].sort((a, b) => a - b),
    fromEnd: all((item) => item.fromEnd),
    nearest: all((item) => item.nearest),
    nearestFromEnd: all((item) => item.nearestFromEnd),
    positions: all((item) => item.positions),
  };
}

function dayOfMonth(item: string): Partial<CrontabField> | undefined {
  const [, before, weekday] = /^L(?:-(\d{1,2}))?(W)?$/.exec(item) ?? [];
  if (item.startsWith('L') && (item === 'L' || item === 'LW' || before !== undefined)) {
    const days = before === undefined ? 0 : Number(before);
    if (days > 30 || before === '0') return undefined;
    return weekday ? { nearestFromEnd: [days] } : { fromEnd: [days] };
  }
  const [, day] = /^(\d{1,2})W$/.exec(item) ?? [];
  return day !== undefined && Number(day) >= 1 && Number(day) <= 31 ? { nearest: [Number(day)] } : undefined;
}

function weekday(item: string): Partial<CrontabField> | undefined {
  const [, day = '', nth] = /^([0-7]|[A-Z]{3})(?:#([1-5])|L)$/.exec(item) ?? [];
  const number = numberOf(day, WEEKDAYS, 0);
  if (day === '' || Number.isNaN(number)) return undefined;
  return { positions: [{ nth: Number(nth ?? 0), weekday: number % 7 }] };
}

const ITEM = /^(?:(\*)|(H)(?:\((\d+)-(\d+)\))?|([A-Z]+|\d+)(?:-([A-Z]+|\d+))?)(?:\/(\d+))?$/;

function valuesOf(item: string, about: Item): readonly number[] {
  const { index, text } = about;
  const { min, max, names } = FIELDS[index] ?? FIELDS[0];
  const [matched, any, hashed, low, high, from, to, by] = ITEM.exec(item) ?? [];
  if (matched === undefined) throw refusedField(index, text);
  const isWeek = index === DAY_OF_WEEK;
  const open = from === undefined || (to === undefined && by !== undefined);
  // `H` picks a day that every month has. With a later day, a job would skip short months because of its id.
  const largest = isWeek ? 6 : hashed && index === DAY_OF_MONTH ? 28 : max;
  const start = low !== undefined ? Number(low) : from !== undefined ? numberOf(from, names, min) : min;
  const end =
    high !== undefined ? Number(high) : to !== undefined ? numberOf(to, names, min) : open || hashed ? largest : start;
  if (Number.isNaN(start) || Number.isNaN(end)) throw refusedField(index, text);
  if (start < min || start > max || end < min || end > max) throw refusedOutside(index, text, about.fields);
  const wraps = end < start;
  if (wraps && hashed) throw refusedHashedBackwards(index, text, largest);
  const last = wraps ? end + (isWeek ? 7 : max - min + 1) : end;
  const step = by === undefined ? 1 : Number(by);
  const longest = Math.max(1, last - start);
  if (step < 1 || step > longest) throw refusedStep(index, text, { step: by ?? '', longest, start, end });
  if (wraps && !isWeek) throw refusedBackwards(index, text, { start, end, step: by && Number(by) });
  const values: number[] = [];
  for (let value = start; value <= last; value += step) values.push(isWeek ? value % 7 : value);
  if (!hashed || any) return values;
  if (by === undefined) return [picked([...new Set(values)], about.seed)];
  const offset = picked(
    Array.from({ length: step }, (_, value) => value),
    about.seed,
  );
  const spread: number[] = [];
  for (let value = start + offset; value <= last; value += step) spread.push(isWeek ? value % 7 : value);
  return spread;
}

/** Picks one of the values by the first 48 bits of SHA-256. Over many seeds, each value is equally likely. */
function picked(values: readonly number[], seed: string): number {
  const bits = hash('sha256', seed, 'buffer').readUIntBE(0, 6);
  return values[bits % values.length] ?? 0;
}

/** NaN for a name that the field does not have. */
function numberOf(text: string, names: readonly string[], min: number): number {
  if (/^\d+$/.test(text)) return Number(text);
  const index = names.indexOf(text);
  return index < 0 ? Number.NaN : index + min;
}
