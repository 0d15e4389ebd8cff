import type { Clock } from './clock.js';
import type { ClockEffect } from './mismatch.js';
import { wallClock } from './wall-clock.js';
import { wallText } from './wall-text.js';
import type { OffsetPeriod } from './zone.js';

/**
 * Returns the clock change because of which a trigger does not fire at an instant (ms), though it names a wall-clock time of this instant; null if
 * there is none. In a fold, the time fires at the other pass. In a gap, the clock skipped the time: it would be at this instant by the offset from
 * before the change, or by the one from after it.
 * @param isShown whether the clock shows a named time at the instant
 */
export function clockEffect(clock: Clock, instant: number, isShown: boolean): ClockEffect | null {
  const { zone } = clock;
  const period = zone.periodAt(instant);
  return isShown
    ? folded(clock, period, instant)
    : (inGap(clock, period, instant) ?? inGap(clock, zone.periodAt(period.end), instant));
}

/** Returns the effect of a gap that moved a fire to an instant (ms); null if the clock shows a named time there. */
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

/** The effect of the gap before a period. The instant is read by the offset from before the gap, then by the one from after it. */
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
