import { DAY_MS, FIRST_INSTANT, LAST_INSTANT } from './civil.js';
import type { WallClock } from './wall-clock.js';
import type { OffsetPeriod, Zone } from './zone.js';

/** How a wall-clock time fires that a zone's clock skips (`gap`) or shows twice (`fold`). */
export interface DaylightSaving {
  readonly gap: 'shift' | 'skip';
  readonly fold: 'first' | 'second' | 'both';
}

/** Every instant whose wall clock matches: nothing in a gap, both passes of a fold. */
export const REAL_TIME: DaylightSaving = Object.freeze({ gap: 'skip', fold: 'both' });

/** One instant for each wall-clock time: in a gap shifted by its length, in a fold at the first pass. */
export const ONCE_EACH: DaylightSaving = Object.freeze({ gap: 'shift', fold: 'first' });

/**
 * The first instant (ms) strictly after `after` at which a zone's clock shows one of the wall-clock times, or null.
 *
 * The rule. When clocks go forward by g, the wall-clock times of the gap do not exist. `skip` leaves them out. `shift`
 * reads them with the offset from before the change, which is g later on the new clock: 02:30 becomes 03:30, and on the
 * 30 December 2011 that Samoa left out, every time becomes the same time on the 31st. When clocks go back by g, the
 * wall-clock times of the fold come twice: `first` takes the first pass, `second` the second, `both` both. The fire
 * times are the set of the resulting instants: two wall-clock times that resolve to one instant fire once, and a
 * shifted one takes its place among the others by its instant.
 *
 * So each period of constant offset settles by itself what fires within it, from its own offset and that of its
 * neighbours, and the answer does not depend on where the question is asked from.
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
    // No wall-clock time before `time` matches, and offsets are less than a day: far from this period's end nothing can
    // fire until shortly before `time`. Near its end a fold may still bring back earlier wall-clock times.
    const farFromEnd = period.end - own > 2 * DAY_MS;
    from = farFromEnd ? Math.max(period.end, time - DAY_MS) : period.end;
  }
  return null;
}

/**
 * Each gap takes three periods at most to be looked at, so that 200 of them lost all that is named, one after another. All 14
 * calendars that a year can have, and the rules of a zone, repeat before that: all that follow are lost too.
 */
const MOST_PERIODS = 600;

/** Where a period's own times begin: after the fold's second pass, if that does not count. */
export function ownStart(period: OffsetPeriod, rule: DaylightSaving, from: number): number {
  const repeated = period.before - period.offset;
  return repeated > 0 && rule.fold === 'first' ? Math.max(from, period.start + repeated) : from;
}

/** Where a period's own times end: before the fold's first pass, if that does not count. */
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
