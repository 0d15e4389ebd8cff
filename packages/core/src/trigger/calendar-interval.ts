import { z } from 'zod';
import { calendarSteps } from './calendar-steps.js';
import { DAY_MS, LAST_INSTANT } from './civil.js';
import { type Clock, nextOfClock } from './clock.js';
import { clockMismatch } from './clock-mismatch.js';
import type { CompileOptions } from './compiled-trigger.js';
import { cronMismatch } from './cron-mismatch.js';
import { ONCE_EACH } from './daylight-saving.js';
import { checkForm, givenFields, strictForm } from './form.js';
import { anchorOf } from './interval.js';
import type { TriggerKind } from './kind.js';
import { windowed } from './leaf.js';
import { inOtherWords, type Mismatch, mismatch } from './mismatch.js';
import { dayOf, plainDateSchema } from './plain-date.js';
import { timeOfDay } from './time-of-day.js';
import { versionSchema } from './version.js';
import { wallText } from './wall-text.js';
import { amounts, from, inOneLine, sentence, timeText, until } from './words.js';
import { timezoneSchema, zoneOf } from './zone.js';

/** The parts of a calendar step; they add up, years and months first. */
interface CalendarStep {
  readonly years?: number;
  readonly months?: number;
  readonly weeks?: number;
  readonly days?: number;
}

interface TimeFields {
  /** 0 to 23; default: 0, also for `minute` and `second`. */
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
}

interface DateRange {
  /** The first day, such as `2026-03-29`; default: the day on which the job is added, in the trigger's zone. */
  readonly startDate?: string;
  /** The last day, inclusive. */
  readonly endDate?: string;
}

/**
 * Fires at a time of day on the days startDate + k × step, counted in the calendar of a zone. The day of the month stays that of the start; a month
 * without this day is skipped. A time in a gap is shifted by the length of the gap. A time in a fold fires at the first pass.
 */
export interface CalendarIntervalTrigger extends CalendarStep, TimeFields, DateRange {
  readonly v?: 1;
  readonly type: 'calendarInterval';
  /** An IANA name; default: the scheduler's zone. */
  readonly timezone?: string;
}

/** The options of `calendarInterval()`. */
export type CalendarIntervalOptions = {
  readonly [K in keyof (CalendarStep & TimeFields & DateRange)]?: CalendarIntervalTrigger[K] | undefined;
} & { readonly timezone?: string | undefined };

const STEP_ERROR = 'is not a whole number of 0 to 100,000';
const amount = z.int(STEP_ERROR).min(0, STEP_ERROR).max(100_000, STEP_ERROR).exactOptional();

function upTo(max: number) {
  const error = `is outside 0–${max}`;
  return z.int(error).min(0, error).max(max, error).exactOptional();
}

const schema = strictForm({
  type: z.literal('calendarInterval'),
  years: amount,
  months: amount,
  weeks: amount,
  days: amount,
  hour: upTo(23),
  minute: upTo(59),
  second: upTo(59),
  startDate: plainDateSchema.exactOptional(),
  endDate: plainDateSchema.exactOptional(),
  timezone: timezoneSchema.exactOptional(),
  v: versionSchema,
})
  .refine(({ startDate, endDate }) => startDate === undefined || endDate === undefined || startDate <= endDate, {
    error: 'endDate is before startDate, so that it never fires',
    when: ({ issues }) => issues.length === 0,
  })
  .refine((trigger) => stepOf(trigger).months + stepOf(trigger).days > 0, {
    error: 'the step is empty; give at least one of years, months, weeks, days',
    when: ({ issues }) => issues.length === 0,
  });

/**
 * Returns a trigger that fires at a time of day, every given number of years, months, weeks or days, counted from `startDate`.
 * @throws InvalidTriggerError
 */
export function calendarInterval(options: CalendarIntervalOptions): CalendarIntervalTrigger {
  return checkForm(schema, {
    ...givenFields(options, 'calendarInterval: options'),
    type: 'calendarInterval',
  });
}

/** Without a `startDate`, the start is the day of `options.now`, at which the job was added. */
function clockOf(trigger: CalendarIntervalTrigger, options: CompileOptions): Clock {
  const zone = zoneOf(trigger.timezone ?? options.timezone ?? 'UTC', 'calendarInterval');
  const days = calendarSteps({
    ...stepOf(trigger),
    start: trigger.startDate === undefined ? today(anchorOf(options, 'calendarInterval')) : dayOf(trigger.startDate),
    end: Math.floor((trigger.endDate === undefined ? LAST_INSTANT : dayOf(trigger.endDate) * DAY_MS) / DAY_MS),
  });
  const { hour = 0, minute = 0, second = 0 } = trigger;
  return { zone, rule: ONCE_EACH, days, timeOfDay: timeOfDay([hour], [minute], [second]) };

  function today(instant: number): number {
    return Math.floor((instant + zone.periodAt(instant).offset) / DAY_MS);
  }
}

function stepOf({ years = 0, months = 0, weeks = 0, days = 0 }: CalendarStep) {
  return { months: years * 12 + months, days: weeks * 7 + days };
}

export const calendarIntervalKind: TriggerKind<CalendarIntervalTrigger> = {
  schema,
  basis: 'clock',
  usesAnchor: ({ startDate }) => startDate === undefined,
  usesId: () => false,
  // Steps of the same length are equal, whatever units they have.
  canonical: (trigger) => {
    const { type, hour = 0, minute = 0, second = 0, startDate, endDate, timezone } = trigger;
    return { type, ...stepOf(trigger), hour, minute, second, startDate, endDate, timezone };
  },
  compile: (trigger, options) => {
    const clock = clockOf(trigger, options);
    return { clock, ...windowed({}, nextOfClock(clock)) };
  },
  parts,
  words: (trigger, { zone }) => {
    const { startDate, endDate } = trigger;
    return sentence(
      `Every ${stepText(trigger)} at ${timeText(trigger)}`,
      `in ${zone}`,
      from(startDate),
      until(endDate),
    );
  },
  mismatch: (trigger, options, instant) => {
    const clock = clockOf(trigger, options);
    const found = fieldMismatch(trigger, clock, instant + clock.zone.periodAt(instant).offset);
    return clockMismatch(clock, instant, found) ?? found;
  },
};

function parts(trigger: CalendarIntervalTrigger): readonly (string | undefined)[] {
  const { timezone, startDate, endDate } = trigger;
  return [`every ${stepText(trigger)}`, `at ${timeText(trigger)}`, timezone, from(startDate), until(endDate)];
}

function stepText({ years, months, weeks, days }: CalendarStep): string {
  return amounts({ year: years, month: months, week: weeks, day: days });
}

/** The first field that does not match a wall-clock time (ms, read as if it were UTC). */
function fieldMismatch(trigger: CalendarIntervalTrigger, clock: Clock, wall: number): Mismatch | null {
  const { hour = 0, minute = 0, second = 0, startDate, endDate } = trigger;
  const day = wallText(wall).slice(0, 10);
  if (startDate !== undefined && day < startDate) return mismatch('startDate', 'the day', day, `from ${startDate} on`);
  if (endDate !== undefined && day > endDate) return mismatch('endDate', 'the day', day, `until ${endDate}`);
  const today = Math.floor(wall / DAY_MS);
  if (clock.days(today) !== today) {
    const text = inOneLine(trigger.type, parts(trigger));
    return inOtherWords('step', day, text, `${day} is not one of the days of ${text}`);
  }
  return cronMismatch({ fields: { day: '*', hour, minute, second } }, wall);
}
