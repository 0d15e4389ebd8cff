import { DAY_MS, monthAndDay } from './civil.js';

/** Answers what a zone's clock shows less UTC, at an instant; both ms. */
export type OffsetAt = (instant: number) => number;

/**
 * Reads a zone's offset from `Intl`, which has the runtime's tz database: about a microsecond each. null: it is always 0.
 * @throws RangeError if `Intl` knows no such zone.
 */
export function offsetReader(zone: string): OffsetAt | null {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (format.resolvedOptions().timeZone === 'UTC') return null;
  return (instant) => {
    const second = Math.floor(instant / 1_000);
    // `29, 02:05:00`: whatever stands between, it begins with the day and ends with the time.
    const text = format.format(second * 1_000);
    const length = text.length;
    const unit = text.charCodeAt(1) - ZERO;
    const day = unit >= 0 && unit <= 9 ? digits(text, 0) : text.charCodeAt(0) - ZERO;
    const shown = digits(text, length - 8) * 3_600 + digits(text, length - 5) * 60 + digits(text, length - 2);
    const utcDay = Math.floor(second / 86_400);
    return daysApart(day, monthAndDay(utcDay) % 32) * DAY_MS + (shown - (second - utcDay * 86_400)) * 1_000;
  };
}

const ZERO = 48;

/** The number of two digits at a place. */
function digits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

/** A clock is less than two days from UTC: across the end of a month too it is clear which day is meant. */
function daysApart(shown: number, utc: number): number {
  const days = shown - utc;
  if (days > 15) return -1;
  return days < -15 ? 1 : days;
}
