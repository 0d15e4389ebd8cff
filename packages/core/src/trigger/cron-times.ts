import { parseCronExpression } from './cron-expression.js';
import { type CronFields, readCronFields } from './cron-fields.js';
import { refusedDays, refusedFieldDays } from './cron-refusals.js';
import { crontabDays } from './crontab-days.js';
import { type TimeOfDay, timeOfDay } from './time-of-day.js';
import type { Days } from './wall-clock.js';

/** The days and times of an expression, without a zone. */
export interface CronTimes {
  readonly days: Days;
  readonly timeOfDay: TimeOfDay;
}

type CronForm =
  | { readonly expression: string; readonly fields?: undefined }
  | { readonly fields: CronFields; readonly expression?: undefined };

/** Many jobs share a few expressions. Reading an expression takes longer than asking the result for times. */
const remembered = new Map<string, CronTimes>();
const MAX_REMEMBERED = 1_000;

/** Reads an expression or fields, and remembers the result. `seed` decides the value of `H`. @throws InvalidTriggerError */
export function cronTimes({ expression, fields }: CronForm, seed: string): CronTimes {
  const key = fields ? JSON.stringify(fields) : /h/i.test(expression) ? `${seed} ${expression}` : expression;
  const known = remembered.get(key);
  if (known) return known;
  const { days, time } = fields ? readCronFields(fields) : readExpression(expression, seed);
  if (days(FIRST_DAY) === Number.POSITIVE_INFINITY) throw fields ? refusedFieldDays(fields) : refusedDays(expression);
  const read = { days, timeOfDay: time };
  if (remembered.size === MAX_REMEMBERED) remembered.clear();
  remembered.set(key, read);
  return read;
}

/** 1970-01-01. A whole cycle of the calendar follows it, and so does every year that the field form can name. */
const FIRST_DAY = 0;

function readExpression(expression: string, seed: string): { readonly days: Days; readonly time: TimeOfDay } {
  const { days, hours, minutes, seconds } = parseCronExpression(expression, seed);
  return { days: crontabDays(days), time: timeOfDay(hours, minutes, seconds) };
}
