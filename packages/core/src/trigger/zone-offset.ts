import { DAY_MS } from './civil.js';

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
    const [day = 0, hour = 0, minute = 0, ofMinute = 0] = numbersIn(format.format(second * 1_000));
    const date = new Date(second * 1_000);
    const secondOfDay = second - Math.floor(second / 86_400) * 86_400;
    const shown = hour * 3_600 + minute * 60 + ofMinute;
    return daysApart(day, date.getUTCDate()) * DAY_MS + (shown - secondOfDay) * 1_000;
  };
}

/** A clock is less than two days from UTC: across the end of a month too it is clear which day is meant. */
function daysApart(shown: number, utc: number): number {
  const days = shown - utc;
  if (days > 15) return -1;
  return days < -15 ? 1 : days;
}

/** The numbers of a text such as `29, 02:05:00`. */
function numbersIn(text: string): number[] {
  const numbers: number[] = [];
  let number = -1;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9) number = (number < 0 ? 0 : number * 10) + digit;
    else if (number >= 0) {
      numbers.push(number);
      number = -1;
    }
  }
  if (number >= 0) numbers.push(number);
  return numbers;
}
