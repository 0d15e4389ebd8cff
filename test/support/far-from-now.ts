import { type CronTrigger, compileTrigger, cron } from '@carillon/core';

// For jobs that must not fire or be due soon during a test: with a fixed time of day, they would fire when a test runs at that time.

/** Returns the hour of the day that a clock in a timezone shows in `hours` hours. */
export function hourIn(hours: number, timezone: string): number {
  const clock = new Intl.DateTimeFormat('en', { timeZone: timezone, hour: 'numeric', hourCycle: 'h23' });
  return Number(clock.format(Date.now() + hours * 3_600_000));
}

const timezone = 'America/New_York';
const inTwelveHours = hourIn(12, timezone);
/** Not 2, the hour that clocks skip on a day in spring. */
const hour = inTwelveHours === 2 ? 3 : inTwelveHours;

/** A daily trigger that fires in about twelve hours. */
export const FAR_FROM_NOW: CronTrigger = cron(`30 ${hour} * * *`, { timezone });

/** The time of day at which `FAR_FROM_NOW` fires, by New York's clock. */
export const FAR_CLOCK = `${String(hour).padStart(2, '0')}:30`;

/** Returns the first fire time of `FAR_FROM_NOW` after an instant. */
export function farFireAfter(instant: Date): Date {
  return compileTrigger(FAR_FROM_NOW).next(instant) as Date;
}
