import { DAY_MS } from './civil.js';
import type { Clock } from './clock.js';
import { type Candidate, CommonTimes, firstOfClass, NEVER, type TimesAt } from './common-times.js';
import type { ResidueClass } from './residue-class.js';
import { everyDay } from './wall-clock.js';
import type { OffsetPeriod } from './zone.js';

/** A time in which no clock's offset changes, so that the times of day common to all stay the same. */
export interface Stretch {
  /** Exclusive. */
  readonly end: number;
  readonly candidate: Candidate;
  /** The first instant at or after another at which days agree; beyond the end of the stretch, none is there before. */
  readonly commonDay: (from: number) => number;
}

/** 2099-12-31T23:59:59.999Z. No stretch goes beyond it: that is what makes every search end. */
export const HORIZON = 4_102_444_799_999;

/** The stretch that holds an instant of 1970 to 2099, for clocks and a progression that are to agree. */
export function agreements(clocks: readonly Clock[], progression: ResidueClass): (instant: number) => Stretch {
  if (clocks.length === 0) {
    const candidate = (from: number) => firstOfClass(progression, from);
    return () => ({ end: HORIZON + 1, candidate, commonDay: (from) => from });
  }
  // Changes of a zone take long to read: those of clocks that come last often need not be.
  const ordered = [...clocks].sort((one, other) => one.timeOfDay.minutes.size - other.timeOfDay.minutes.size);
  const common = new CommonTimes(
    ordered.map(({ timeOfDay }) => timeOfDay),
    progression,
  );
  if (neverOnOneClock(ordered, common)) return () => ({ end: HORIZON + 1, candidate: NEVER, commonDay: NEVER });
  let from = Number.NaN;
  let latest: Stretch | undefined;
  return (instant) => {
    if (latest !== undefined && instant >= from && instant < latest.end) return latest;
    from = instant;
    latest = stretchAt(instant, ordered, common);
    return latest;
  };
}

/** One clock, and nothing is ever shifted on it: there is no need to look at its changes. */
function neverOnOneClock(clocks: readonly Clock[], common: CommonTimes): boolean {
  const isOne = new Set(clocks.map(({ zone }) => zone)).size === 1 && clocks.every(({ rule }) => rule.gap === 'skip');
  return isOne && common.of(clocks.map(({ timeOfDay }) => ({ timeOfDay, offsets: [0] })).values()) === NEVER;
}

function stretchAt(instant: number, clocks: readonly Clock[], common: CommonTimes): Stretch {
  let end = HORIZON + 1;
  const offsets: number[] = [];
  let shifting = false;
  const timesOfClocks = function* (): Generator<TimesAt> {
    for (const { zone, rule, timeOfDay } of clocks) {
      const period = zone.periodAt(instant);
      const { offset, before } = period;
      const gapEnd = endOfGap(period);
      const shifts = rule.gap === 'shift' && instant < gapEnd;
      end = Math.min(end, shifts ? Math.min(period.end, gapEnd) : period.end);
      shifting ||= shifts;
      offsets.push(offset);
      yield { timeOfDay, offsets: shifts ? [offset, before] : [offset] };
    }
  };
  const candidate = common.of(timesOfClocks());
  const commonDay = shifting ? (day: number) => day : (day: number) => firstCommonDay(clocks, offsets, day, end);
  return { end, candidate, commonDay };
}

/** Until then, times of the gap before a period are shifted into it. */
function endOfGap({ start, before, offset }: OffsetPeriod): number {
  return start + (offset - before);
}

/** Each clock in turn says when, by its calendar, its next day begins. */
function firstCommonDay(clocks: readonly Clock[], offsets: readonly number[], from: number, end: number): number {
  let instant = from;
  for (let agreed = 0, index = 0; agreed < clocks.length && instant < end; index = (index + 1) % clocks.length) {
    const days = clocks[index]?.days ?? everyDay;
    agreed++;
    if (days === everyDay) continue;
    const offset = offsets[index] ?? 0;
    const today = Math.floor((instant + offset) / DAY_MS);
    const day = days(today);
    if (day === today) continue;
    agreed = 1;
    instant = day * DAY_MS - offset;
  }
  return instant;
}
