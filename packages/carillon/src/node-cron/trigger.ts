import { and, type CronOptions, compileTrigger, cron, type Trigger } from '@carillon/core';
import { FIELDS, isFull, type ParsedFields } from './fields.js';
import { parse, textsOf } from './pattern.js';

export interface TriggerOptions {
  readonly timezone: string;
  /** The longest delay of a fire, ms. */
  readonly jitterMs: number;
}

/**
 * Returns the trigger of a pattern. In node-cron, a day has to match both the day of the month and the day of the week; in a crontab
 * string, one of them is enough. So if both are given, the trigger is an `and` of two triggers.
 * @throws InvalidTriggerError
 */
export function triggerOf(pattern: string, { timezone, jitterMs }: TriggerOptions): Trigger {
  const fields = parse(pattern);
  const options: CronOptions = { timezone, ...(jitterMs > 0 && { jitter: jitterMs }) };
  // As it was written, where that means the same here; else its values, listed.
  for (const texts of [textsOf(pattern), listed(fields)]) {
    const trigger = joined(texts, options, fields);
    if (isTaken(trigger)) return trigger;
  }
  const trigger = joined(listed(fields), options, fields);
  compileTrigger(trigger);
  return trigger;
}

function joined(texts: readonly string[], options: CronOptions, fields: ParsedFields): Trigger {
  const [second, minute, hour, day, month, weekday] = texts;
  const of = (days: string | undefined, weekdays: string | undefined) =>
    cron(`${second} ${minute} ${hour} ${days} ${month} ${weekdays}`, options);
  const [isAnyDay, isAnyWeekday] = [isFull(DAY, fields.dayOfMonth), isFull(WEEKDAY, fields.dayOfWeek)];
  if (isAnyDay || isAnyWeekday) return of(isAnyDay ? '*' : day, isAnyWeekday ? '*' : weekday);
  return and(of(day, '*'), of('*', weekday));
}

function isTaken(trigger: Trigger): boolean {
  try {
    compileTrigger(trigger);
    return true;
  } catch {
    return false;
  }
}

function listed(fields: ParsedFields): readonly string[] {
  return FIELDS.map((field) => (isFull(field, fields[field.name]) ? '*' : fields[field.name].join(',')));
}

const fieldOf = (name: string) => FIELDS.find((field) => field.name === name) as (typeof FIELDS)[number];
const DAY = fieldOf('dayOfMonth');
const WEEKDAY = fieldOf('dayOfWeek');
