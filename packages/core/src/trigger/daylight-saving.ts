import { DAY_MS, FIRST_INSTANT, LAST_INSTANT } from './civil.js';
import type { WallClock } from './wall-clock.js';
import type { OffsetPeriod, Zone } from './zone.js';

/** When a wall-clock time fires that a zone's clock skips (`gap`) or shows twice (`fold`). */
export interface DaylightSaving {
  readonly gap: 'shift' | 'skip';
  readonly fold: 'first' | 'second' | 'both';
}

/** Fires at every instant whose wall clock matches: never in a gap, at both passes of a fold. */
export const REAL_TIME: DaylightSaving = Object.freeze({ gap: 'skip', fold: 'both' });

/** Fires once for each wall-clock time: in a gap shifted by its length, in a fold at the first pass. */
export const ONCE_EACH: DaylightSaving = Object.freeze({ gap: 'shift', fold: 'first' });

/**
 * Returns the first instant (ms) strictly after `after` at which a zone's clock shows one of the wall-clock times, or null.
 *
 * The rule. When clocks go forward by g, the wall-clock times of the gap do not exist. `skip` leaves them out. `shift` reads them with the offset
 * from before the change, which is g later on the new clock: 02:30 becomes 03:30. Samoa left out 30 December 2011: there, every time becomes the
 * same time on the 31st. When clocks go back by g, the wall-clock times of the fold occur twice: `first` takes the first pass, `second` the second,
 * `both` takes both. The fire times are the set of the resulting instants. Two wall-clock times that resolve to one instant fire once, and a
 * shifted time takes its place among the others by its instant.
 *
 * So the fires within a period of constant offset depend only on its own offset and on those of its neighbours. The result is the same whichever
 * instant a search starts from.
 */
export function nextInstant(zone: Zone, rule: DaylightSaving, times: WallClock, after: number): number | null {
  let from = Math.max(Math.floor(after) + 1, FIRST_INSTANT);
  for (let looked = 0; from <= LAST_INSTANT && looked < MOST_PERIODS; looked++) {
    const period = zone.periodAt(from);
    const own = ownStart(period, rule, from);
    const time = times(own + period.offset);
    const instant = Math.min(
      time - period.offset < ownEnd(period, rule) ? time - period.offset : Number.POSITIVE_INFINITY,
      firstShifted(period, rule, times, from),
    );
    if (instant <= LAST_INSTANT) return instant;
    // No wall-clock time before `time` matches, and offsets are less than a day. Far from this period's end, nothing can fire until shortly before
    // `time`. Near its end, a fold may still bring earlier wall-clock times back.
    const farFromEnd = period.end - own > 2 * DAY_MS;
    from = farFromEnd ? Math.max(period.end, time - DAY_MS) : period.end;
  }
  return null;
}

/**
 * The search for one gap looks at three periods at most. After 600 periods, all named times of 200 gaps in a row were lost. All 14 calendars that a
 * year can have, and the rules of a zone, repeat within fewer gaps, so all later times are lost too.
 */
const MOST_PERIODS = 600;

/** Returns where the own times of a period begin. If the second pass of a fold does not count, they begin after it. */
export function ownStart(period: OffsetPeriod, rule: DaylightSaving, from: number): number {
  const repeated = period.before - period.offset;
  return repeated > 0 && rule.fold === 'first' ? Math.max(from, period.start + repeated) : from;
}

/** Returns where the own times of a period end. If the first pass of a fold does not count, they end before it. */
export function ownEnd(period: OffsetPeriod, rule: DaylightSaving): number {
  const repeated = period.offset - period.after;
  return repeated > 0 && rule.fold === 'second' ? period.end - repeated : period.end;
}

/** The first instant at or after `from` to which a time of the gap before this period is shifted. */
function firstShifted(period: OffsetPeriod, rule: DaylightSaving, times: WallClock, from: number): number {
  const gapEnd = period.start + (period.offset - period.before);
  if (rule.gap === 'skip' || from >= gapEnd) return Number.POSITIVE_INFINITY;
  const instant = times(from + period.before) - period.before;
  return instant < gapEnd ? instant : Number.POSITIVE_INFINITY;
}
