import { FIRST_INSTANT } from './civil.js';
import type { Clock } from './clock.js';
import { nextInstant } from './daylight-saving.js';
import { type WallClock, wallClock } from './wall-clock.js';

/** The results so far, by the times of day of a clock, then by its zone and rule. */
const asked = new WeakMap<Clock['timeOfDay'], Map<string, boolean>>();

/**
 * Whether all times that a clock names from 2026 on are lost in gaps. If it fired only before 2026, when the zone had no such gap, it will not fire
 * again. A clock that names no time from 2026 on is lost only if it never fired before.
 */
export function isAlwaysLost({ zone, rule, days, timeOfDay }: Clock): boolean {
  if (rule.gap === 'shift') return false;
  const known = asked.get(timeOfDay) ?? new Map<string, boolean>();
  asked.set(timeOfDay, known);
  const key = `${zone.name} ${rule.fold}`;
  const lost = known.get(key) ?? isLost(wallClock(days, timeOfDay));
  known.set(key, lost);
  return lost;

  function isLost(times: WallClock): boolean {
    if (nextInstant(zone, rule, times, PRESENT) !== null) return false;
    return times(PRESENT) !== Number.POSITIVE_INFINITY || nextInstant(zone, rule, times, FIRST_INSTANT) === null;
  }
}

/** 2026-01-01T00:00:00Z. It is fixed, so that a trigger that is accepted today is accepted tomorrow too, and when it is read back. */
const PRESENT = 1_767_225_600_000;
