import { FIRST_INSTANT } from './civil.js';
import type { Clock } from './clock.js';
import { nextInstant } from './daylight-saving.js';
import { type WallClock, wallClock } from './wall-clock.js';

/** Clocks that have been asked already, by the times that they name. */
const asked = new WeakMap<Clock['timeOfDay'], Map<string, boolean>>();

/**
 * Whether all that a clock names is lost in gaps, from 2026 on: what fired only before, when the zone had no such gap, will
 * not fire again. What names nothing from then on may have fired at any time.
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

/** 2026-01-01T00:00:00Z. Fixed, so that what is taken today is taken tomorrow, and where it is read back. */
const PRESENT = 1_767_225_600_000;
