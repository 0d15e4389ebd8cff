import { type CronTrigger, compileTrigger, cron } from '@carillon/core';

// Jobs of a test that must not fire while it runs, nor be due soon: if their time of day were written down, they would at that time of day.

/** The hour of the day that a clock shows in so many hours. */
export function hourIn(hours: number, timezone: string): number {
  const clock = new Intl.DateTimeFormat('en', { timeZone: timezone, hour: 'numeric', hourCycle: 'h23' });
  return Number(clock.format(Date.now() + hours * 3_600_000));
}

const timezone = 'America/New_York';
const inTwelveHours = hourIn(12, timezone);
/** Not the hour that is left out on a day in spring. */
const hour = inTwelveHours === 2 ? 3 : inTwelveHours;

/** A daily trigger that fires in about twelve hours. */
export const FAR_FROM_NOW: CronTrigger = cron(`30 ${hour} * * *`, { timezone });

/** The time of day at which it fires, by New York's clock. */
export const FAR_CLOCK = `${String(hour).padStart(2, '0')}:30`;

/** Its first fire time after an instant. */
export function farFireAfter(instant: Date): Date {
  return compileTrigger(FAR_FROM_NOW).next(instant) as Date;
}
