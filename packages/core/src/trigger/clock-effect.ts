import type { Clock } from './clock.js';
import type { ClockEffect } from './mismatch.js';
import { wallClock } from './wall-clock.js';
import { wallText } from './wall-text.js';
import type { OffsetPeriod } from './zone.js';

/**
 * What a change of a zone's clock did to an instant (ms) that is not a fire time, though a wall-clock time of it is named: in a fold
 * that of the other pass, in a gap one that the clock skipped, by the offset from before the change or from after it. null means
 * nothing.
 * @param isShown the clock shows at the instant what is named.
 */
export function clockEffect(clock: Clock, instant: number, isShown: boolean): ClockEffect | null {
  const { zone } = clock;
  const period = zone.periodAt(instant);
  return isShown
    ? folded(clock, period, instant)
    : (inGap(clock, period, instant) ?? inGap(clock, zone.periodAt(period.end), instant));
}

/** What a gap moved to an instant (ms) at which a trigger fires; null if it fires there by what the clock shows. */
export function shiftedTo(clock: Clock, instant: number): ClockEffect | null {
  const { zone, rule } = clock;
  const period = zone.periodAt(instant);
  if (rule.gap === 'skip' || instant >= period.start + (period.offset - period.before)) return null;
  const wall = instant + period.before;
  if (!isNamed(clock, wall) || isNamed(clock, instant + period.offset)) return null;
  return { kind: 'shifted', timezone: zone.name, wallClock: wallText(wall), changeAt: period.start, firesAt: instant };
}

function folded({ zone, rule }: Clock, period: OffsetPeriod, instant: number): ClockEffect | null {
  const wall = instant + period.offset;
  const back = period.before - period.offset;
  const isSecondPass = back > 0 && instant < period.start + back;
  const ahead = period.offset - period.after;
  const isFirstPass = ahead > 0 && instant >= period.end - ahead;
  const common = { kind: 'folded', timezone: zone.name, wallClock: wallText(wall) } as const;
  if (isSecondPass && rule.fold === 'first') return { ...common, changeAt: period.start, firesAt: instant - back };
  if (isFirstPass && rule.fold === 'second') return { ...common, changeAt: period.end, firesAt: instant + ahead };
  return null;
}

/** Of the gap before a period: read by the offset from before it, or by that from after it. */
function inGap(clock: Clock, { start, before, offset }: OffsetPeriod, instant: number): ClockEffect | null {
  const { zone, rule } = clock;
  const wall = [before, offset].map((one) => instant + one).find((at) => start + before <= at && at < start + offset);
  if (wall === undefined || !isNamed(clock, wall)) return null;
  const common = { timezone: zone.name, wallClock: wallText(wall), changeAt: start };
  return rule.gap === 'skip'
    ? { kind: 'skipped', ...common, firesAt: null }
    : { kind: 'shifted', ...common, firesAt: wall - before };
}

function isNamed({ days, timeOfDay }: Clock, wall: number): boolean {
  return wallClock(days, timeOfDay)(wall) === wall;
}
