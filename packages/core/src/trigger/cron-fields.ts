import { z } from 'zod';
import { type DaysOfMonth, fieldDays } from './field-days.js';
import { dayPositions, FIELD_NAMES, type FieldName, fieldValues, itemsOf } from './field-expression.js';
import { strictForm } from './form.js';
import { type TimeOfDay, timeOfDay } from './time-of-day.js';
import type { Days } from './wall-clock.js';

/** A number, or an expression such as `'8-18/2'`, `'mon,wed'`; `day` also takes `'last'`, `'last-2'`, `'last fri'`, `'3rd mon'`. */
export type CronField = number | string;

/**
 * The field form of a cron trigger, with APScheduler's expressions. All fields must match. Fields smaller than the
 * smallest given one are at their minimum, larger ones are `*`; `week` and `dayOfWeek` are `*` unless given.
 */
export interface CronFields {
  /** 1970–9999. */
  readonly year?: CronField;
  /** 1–12, or names. */
  readonly month?: CronField;
  /** Of the month, 1–31. */
  readonly day?: CronField;
  /** ISO week, 1–53. */
  readonly week?: CronField;
  /** 0–6, 0 = Monday (a crontab string counts from Sunday), or names. */
  readonly dayOfWeek?: CronField;
  readonly hour?: CronField;
  readonly minute?: CronField;
  readonly second?: CronField;
}

const MAX_LENGTH = 512;
const ERROR = `is neither a whole number nor an expression of at most ${MAX_LENGTH} characters, such as "*/5", "8-18/2" or "mon,wed"`;

const field = z
  .custom<CronField>(
    (value) => (typeof value === 'string' ? value.length <= MAX_LENGTH : Number.isSafeInteger(value)),
    {
      error: ({ input }) => (Number.isInteger(input) ? 'is beyond what the field names' : ERROR),
    },
  )
  .exactOptional();

const FIELDS = {
  year: field,
  month: field,
  day: field,
  week: field,
  dayOfWeek: field,
  hour: field,
  minute: field,
  second: field,
} satisfies Record<FieldName, typeof field>;

/** The options that `cron()` takes together with the fields. */
const OPTIONS = ['timezone', 'jitter', 'dst', 'startAt', 'endAt'];

export const cronFieldsSchema = strictForm(FIELDS, (unknown) => {
  const options = unknown.filter((name) => OPTIONS.includes(name));
  return options.length > 0 ? `; give ${options.join(', ')} beside the fields: cron({ hour: 9 }, { … })` : '';
}).refine((fields) => Object.keys(fields).length > 0, {
  error: `names no field; give at least one of ${FIELD_NAMES.join(', ')}`,
  when: ({ issues }) => issues.length === 0,
});

/** @throws InvalidTriggerError naming the field, its value and what is allowed. */
export function readCronFields(fields: CronFields): { readonly days: Days; readonly time: TimeOfDay } {
  const texts = filledIn(fields);
  const values = (name: FieldName) => fieldValues(name, texts[name]);
  const unlessAny = (name: FieldName) => (texts[name].trim() === '*' ? null : values(name));
  const days = fieldDays({
    years: unlessAny('year'),
    months: values('month'),
    daysOfMonth: daysOfMonth(texts.day),
    weeks: unlessAny('week'),
    weekdays: values('dayOfWeek'),
  });
  return { days, time: timeOfDay(values('hour'), values('minute'), values('second')) };
}

const AT_MINIMUM: Readonly<Record<FieldName, string>> = {
  year: '*',
  month: '1',
  day: '1',
  week: '*',
  dayOfWeek: '*',
  hour: '0',
  minute: '0',
  second: '0',
};

/** The expressions of all fields. Fields that were left out have the values of the rule at `CronFields`. */
export function filledIn(fields: CronFields): Readonly<Record<FieldName, string>> {
  const smallest = FIELD_NAMES.findLastIndex((name) => fields[name] !== undefined);
  const entries = FIELD_NAMES.map((name, index) => {
    const given = fields[name];
    return [name, given === undefined ? (index > smallest ? AT_MINIMUM[name] : '*') : String(given)];
  });
  return Object.fromEntries(entries) as Record<FieldName, string>;
}

/** The given fields in one normalised spelling. */
export function canonicalFields(fields: CronFields): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, itemsOf(String(value)).join(',').toLowerCase()]),
  );
}

function daysOfMonth(text: string): DaysOfMonth {
  const { positions, fromEnd, others } = dayPositions(text);
  return { positions, fromEnd, days: others.length > 0 ? fieldValues('day', others.join(',')) : [] };
}
