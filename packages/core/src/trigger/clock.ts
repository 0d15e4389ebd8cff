import type { NextMs } from './compiled-trigger.js';
import { type DaylightSaving, nextInstant } from './daylight-saving.js';
import type { TimeOfDay } from './time-of-day.js';
import { type Days, wallClock } from './wall-clock.js';
import type { Zone } from './zone.js';

/** The days and the times of day that a trigger names on the clock of a zone, and the rule for times that this clock skips or shows twice. */
export interface Clock {
  readonly zone: Zone;
  readonly rule: DaylightSaving;
  readonly days: Days;
  readonly timeOfDay: TimeOfDay;
}

export function nextOfClock({ zone, rule, days, timeOfDay }: Clock): NextMs {
  const times = wallClock(days, timeOfDay);
  return (after) => nextInstant(zone, rule, times, after);
}
