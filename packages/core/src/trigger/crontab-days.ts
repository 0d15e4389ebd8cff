import { dayOfWeek, MONTHS_OF_A_CYCLE } from './civil.js';
import { daysOfMonths } from './month-masks.js';
import { type Days, everyDay } from './wall-clock.js';

/** The three fields of a crontab line that choose its days. */
export interface CrontabDays {
  /** 1–12. */
  readonly months: readonly number[];
  readonly dayOfMonth: {
    readonly restricted: boolean;
    readonly days: readonly number[];
    /** `L`: the last day of the month. */
    readonly last: boolean;
  };
  /** Weekdays are 0–6, 0 = Sunday. */
  readonly dayOfWeek: {
    readonly restricted: boolean;
    readonly days: readonly number[];
    /** `1#2`: only the nth such weekday of the month; 0 where it does not matter. */
    readonly nth: number;
    /** `5L`: the last such weekday of the month. */
    readonly last: readonly number[];
  };
}

/**
 * crontab's rule: where day of month and day of week are both restricted, a day that matches either is named; else
 * both must match, and the unrestricted one always does.
 */
export function crontabDays(fields: CrontabDays): Days {
  const months = new Set(fields.months);
  if (months.size === 12 && !fields.dayOfMonth.restricted && !fields.dayOfWeek.restricted) return everyDay;
  const allowed = Array.from({ length: 12 }, (_, index) => months.has(index + 1));
  // What a month looks like depends on its length and on the weekday it begins with: 28 masks, a bit for each day, made
  // when they are first needed.
  const masks = new Int32Array(28).fill(UNKNOWN);

  const maskOf = (month: number, firstDay: number, length: number): number => {
    if (!allowed[month % 12]) return 0;
    const weekday = dayOfWeek(firstDay);
    const index = (length - 28) * 7 + weekday;
    const known = masks[index] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const mask = monthMask(fields, length, weekday);
    masks[index] = mask;
    return mask;
  };

  return daysOfMonths(maskOf, MONTHS_OF_A_CYCLE);
}

/** No month has 32 days. */
const UNKNOWN = -1;

function monthMask({ dayOfMonth, dayOfWeek }: CrontabDays, length: number, firstWeekday: number): number {
  let mask = 0;
  for (let day = 1; day <= length; day++) {
    const weekday = (firstWeekday + day - 1) % 7;
    const inMonth = dayOfMonth.days.includes(day) || (dayOfMonth.last && day === length);
    const inWeek =
      (dayOfWeek.days.includes(weekday) && (dayOfWeek.nth === 0 || Math.ceil(day / 7) === dayOfWeek.nth)) ||
      (dayOfWeek.last.includes(weekday) && day + 7 > length);
    const either = dayOfMonth.restricted && dayOfWeek.restricted;
    if (either ? inMonth || inWeek : inMonth && inWeek) mask |= 1 << (day - 1);
  }
  return mask;
}
