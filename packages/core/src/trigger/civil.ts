/**
 * The proleptic Gregorian calendar in integers. A day is a count of days since 1970-01-01, a month a count of months
 * since year 0. The arithmetic is Howard Hinnant's (chrono-compatible low-level date algorithms).
 */

export const DAY_MS = 86_400_000;

/** The calendar repeats after 400 years: what does not happen in 400 years never happens. */
export const MONTHS_OF_A_CYCLE = 4_800;

/** 9999-12-31T23:59:59.999Z in ms: the last instant that any trigger names, so that every walk ends. */
export const LAST_INSTANT = 253_402_300_799_999;

/** 0001-01-01T00:00:00Z in ms: no trigger that reads a wall clock names an instant before it. */
export const FIRST_INSTANT = -62_135_596_800_000;

const DAYS_TO_YEAR_0 = 719_468;
const DAYS_OF_A_CYCLE = 146_097;

/** Month and day of the month (1–31) of a day, as `month * 32 + dayOfMonth`: one number, so that nothing is allocated. */
export function monthAndDay(day: number): number {
  const shifted = day + DAYS_TO_YEAR_0;
  const cycle = Math.floor(shifted / DAYS_OF_A_CYCLE);
  const dayOfCycle = shifted - cycle * DAYS_OF_A_CYCLE;
  const yearOfCycle = Math.floor(
    (dayOfCycle - Math.floor(dayOfCycle / 1_460) + Math.floor(dayOfCycle / 36_524) - Math.floor(dayOfCycle / 146_096)) /
      365,
  );
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return ((cycle * 400 + yearOfCycle) * 12 + monthFromMarch + 2) * 32 + dayOfMonth;
}

/** The first day of a month. */
export function firstDayOf(month: number): number {
  const fromMarch = month - 2;
  const year = Math.floor(fromMarch / 12);
  const cycle = Math.floor(year / 400);
  const yearOfCycle = year - cycle * 400;
  const dayOfYear = Math.floor((153 * (fromMarch - year * 12) + 2) / 5);
  const leapDays = Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100);
  return cycle * DAYS_OF_A_CYCLE + yearOfCycle * 365 + leapDays + dayOfYear - DAYS_TO_YEAR_0;
}

/** ISO 8601 week of the year, 1–53: week 1 holds the first Thursday of the year. */
export function isoWeek(day: number): number {
  const thursday = day - ((dayOfWeek(day) + 6) % 7) + 3;
  const year = Math.floor(monthAndDay(thursday) / 32 / 12);
  return Math.floor((thursday - firstDayOf(year * 12)) / 7) + 1;
}

/** Days of a month: 28 to 31. */
export function daysOfMonth(month: number): number {
  const monthOfYear = month % 12;
  if (monthOfYear === 1) return isLeapYear(Math.floor(month / 12)) ? 29 : 28;
  return monthOfYear === 3 || monthOfYear === 5 || monthOfYear === 8 || monthOfYear === 10 ? 30 : 31;
}

/** Day of the week, 0 = Sunday. */
export function dayOfWeek(day: number): number {
  return ((day % 7) + 11) % 7;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
