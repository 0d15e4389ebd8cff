import { durationInUnit } from '../duration-text.js';
import type { CalendarIntervalTrigger } from './calendar-interval.js';
import type { CronTrigger } from './cron.js';
import { FIELD_NAMES } from './field-expression.js';
import type { IntervalTrigger } from './interval.js';
import type { Trigger } from './trigger.js';

/**
 * A trigger in a line, for tables and logs: `cron[30 9 * * 1-5, Europe/Berlin]`, `interval[5m]`,
 * `and[cron[day=last fri], interval[2w]]`. It is for people; the JSON form is for programs.
 */
export function triggerText(trigger: Trigger): string {
  return `${trigger.type}[${partsOf(trigger).filter(Boolean).join(', ')}]`;
}

function partsOf(trigger: Trigger): readonly (string | undefined)[] {
  switch (trigger.type) {
    case 'date':
      return [trigger.at];
    case 'interval':
      return [stepText(trigger), ...windowText(trigger), jitterText(trigger)];
    case 'cron': {
      const { timezone, dst } = trigger;
      const rule = dst && `gap=${dst.gap} fold=${dst.fold}`;
      return [cronText(trigger), timezone, ...windowText(trigger), jitterText(trigger), rule];
    }
    case 'calendarInterval': {
      const { timezone, startDate, endDate } = trigger;
      const dates = [startDate && `from ${startDate}`, endDate && `until ${endDate}`];
      return [calendarStepText(trigger), `at ${timeText(trigger)}`, timezone, ...dates];
    }
    default:
      return trigger.triggers.map(triggerText);
  }
}

function cronText({ expression, fields }: CronTrigger): string {
  if (!fields) return expression.trim().split(/\s+/).join(' ');
  const given = FIELD_NAMES.filter((name) => fields[name] !== undefined);
  return given.map((name) => `${name}=${fields[name]}`).join(' ');
}

function windowText({ startAt, endAt }: { readonly startAt?: string; readonly endAt?: string }) {
  return [startAt && `from ${startAt}`, endAt && `until ${endAt}`];
}

function jitterText({ jitter }: { readonly jitter?: number | string }): string | undefined {
  return jitter === undefined ? undefined : `jitter ${durationText(jitter)}`;
}

/** A number means milliseconds. */
export function durationText(duration: number | string): string {
  return typeof duration === 'number' ? durationInUnit(duration) : duration;
}

function stepText(step: IntervalTrigger): string {
  const { weeks, days, hours, minutes, seconds, milliseconds } = step;
  const units = { w: weeks, d: days, h: hours, m: minutes, s: seconds, ms: milliseconds };
  return Object.entries(units)
    .filter(([, amount]) => amount)
    .map(([unit, amount]) => `${amount}${unit}`)
    .join(' ');
}

function calendarStepText({ years, months, weeks, days }: CalendarIntervalTrigger): string {
  return `every ${amounts({ year: years, month: months, week: weeks, day: days })}`;
}

/** `1 month and 2 days` */
export function amounts(units: Readonly<Record<string, number | undefined>>): string {
  const given = Object.entries(units).filter(([, amount]) => amount);
  return given.map(([unit, amount]) => `${amount} ${unit}${amount === 1 ? '' : 's'}`).join(' and ');
}

/** `09:30`, with seconds where they are not 0. */
export function timeText({ hour = 0, minute = 0, second = 0 }: Partial<Record<'hour' | 'minute' | 'second', number>>) {
  const parts = second === 0 ? [hour, minute] : [hour, minute, second];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
