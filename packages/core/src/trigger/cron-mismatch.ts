import { DAY_MS, dayOfWeek, isoWeek, monthAndDay } from './civil.js';
import { fieldTexts, NO_JOB, parseCronExpression } from './cron-expression.js';
import { type CronFields, filledIn, readCronFields } from './cron-fields.js';
import { crontabDays } from './crontab-days.js';
import { FIELD_NAMES, FIELD_WORDS, type FieldName, fieldValues } from './field-expression.js';
import { type Mismatch, mismatch } from './mismatch.js';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The value of each field at a wall-clock time (ms, read as if it were UTC). */
function fieldsAt(wall: number): Readonly<Record<FieldName, number>> {
  const day = Math.floor(wall / DAY_MS);
  const seconds = Math.floor((wall - day * DAY_MS) / 1_000);
  const monthDay = monthAndDay(day);
  const month = Math.floor(monthDay / 32);
  return {
    year: Math.floor(month / 12),
    month: (month % 12) + 1,
    day: monthDay % 32,
    week: isoWeek(day),
    dayOfWeek: dayOfWeek(day),
    hour: Math.floor(seconds / 3_600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
  };
}

/** The first field of a cron trigger that does not match a wall-clock time, the largest first. null if all of them match. */
export function cronMismatch(
  trigger: { readonly expression?: string | undefined; readonly fields?: CronFields | undefined },
  wall: number,
  jobId = '',
): Mismatch | null {
  const { expression = '', fields } = trigger;
  const found = fields ? fieldMismatch(fields, wall) : crontabMismatch(expression, wall, jobId || NO_JOB);
  if (found) return found;
  const ms = wall - Math.floor(wall / 1_000) * 1_000;
  return ms === 0 ? null : mismatch('millisecond', 'millisecond', String(ms), '0');
}

function fieldMismatch(fields: CronFields, wall: number): Mismatch | null {
  const at = fieldsAt(wall);
  const texts = filledIn(fields);
  const day = Math.floor(wall / DAY_MS);
  for (const name of FIELD_NAMES) {
    const text = texts[name].trim();
    if (text === '*' || matches(name, text, at[name], day)) continue;
    return mismatch(
      name,
      FIELD_WORDS[name],
      shownAs(name, at[name]),
      name === 'dayOfWeek' && /^\d/.test(text) ? `${text} (0 = Monday)` : text,
    );
  }
  return null;
}

function matches(name: FieldName, text: string, value: number, day: number): boolean {
  if (name === 'hour' || name === 'minute' || name === 'second') return fieldValues(name, text).includes(value);
  const { days } = readCronFields({ day: '*', month: '*', [name]: text });
  return days(day) === day;
}

function crontabMismatch(expression: string, wall: number, seed: string): Mismatch | null {
  const at = fieldsAt(wall);
  const [second = '', minute = '', hour = '', dayOfMonth = '', month = '', weekday = ''] = fieldTexts(expression);
  const { days, hours, minutes, seconds } = parseCronExpression(expression, seed);
  const failing = (name: FieldName, text: string, values: readonly number[]) =>
    mismatch(name, FIELD_WORDS[name], shownAs(name, at[name]), saidAs(text, values));
  if (!days.months.includes(at.month)) return failing('month', month, days.months);
  const day = Math.floor(wall / DAY_MS);
  if (crontabDays(days)(day) !== day) {
    const isDay = days.dayOfMonth.restricted;
    const isWeekday = days.dayOfWeek.restricted;
    if (isDay && isWeekday) {
      const is = `${at.day}, a ${shownAs('dayOfWeek', at.dayOfWeek)}`;
      return mismatch('day', 'day of the month', is, `${dayOfMonth} or day of the week ${weekday}`);
    }
    return isDay ? failing('day', dayOfMonth, []) : failing('dayOfWeek', weekday, []);
  }
  if (!hours.includes(at.hour)) return failing('hour', hour, hours);
  if (!minutes.includes(at.minute)) return failing('minute', minute, minutes);
  return seconds.includes(at.second) ? null : failing('second', second, seconds);
}

/** The text of a field. For an `H`, it has the value too. */
function saidAs(text: string, values: readonly number[]): string {
  return /(^|,)H($|[(/,])/i.test(text) && values.length > 0 ? `${text}, which is ${values.join(',')}` : text;
}

function shownAs(name: FieldName, value: number): string {
  return name === 'dayOfWeek' ? (WEEKDAYS[value] ?? String(value)) : String(value);
}
