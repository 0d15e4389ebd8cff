import { DAY_MS } from './civil.js';
import type { Clock } from './clock.js';
import { type Candidate, CommonTimes, firstOfClass, NEVER } from './common-times.js';
import { silentUntil } from './disagreements.js';
import { commonDays } from './month-masks.js';
import type { ResidueClass } from './residue-class.js';
import type { Stretches, ZoneState } from './stretches.js';
import { type Days, everyDay } from './wall-clock.js';

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
export function agreements(
  clocks: readonly Clock[],
  progression: ResidueClass,
  stretches: Stretches,
): (instant: number) => Stretch {
  if (clocks.length === 0) {
    const candidate = (from: number) => firstOfClass(progression, from);
    return () => ({ end: HORIZON + 1, candidate, commonDay: (from) => from });
  }
  const common = new CommonTimes(
    clocks.map(({ timeOfDay }) => timeOfDay),
    progression,
  );
  if (neverOnOneClock(clocks, common)) return () => ({ end: HORIZON + 1, candidate: NEVER, commonDay: NEVER });
  const places = clocks.map(({ zone }) => stretches.zones.indexOf(zone));
  const calendars = calendarsOf(clocks, places);
  const candidates: Candidate[] = [];
  const candidateOf = (state: ZoneState): Candidate => {
    const known = candidates[state.id];
    if (known !== undefined) return known;
    const candidate = common.of(clocks.map((clock, index) => timesAt(clock, state, places[index] ?? 0)));
    candidates[state.id] = candidate;
    return candidate;
  };
  const isShifting = ({ shiftedFrom }: ZoneState) =>
    clocks.some(({ rule }, index) => rule.gap === 'shift' && shiftedFrom[places[index] ?? 0] !== null);

  // A gap that shifts can bring days together that have nothing in common: no later stretch is passed over then.
  const canShift = clocks.some(({ rule }) => rule.gap === 'shift');
  const latestDay = (day: number, end: number) => (canShift ? Math.min(day, end) : day);

  const stretchAt = (instant: number): Stretch => {
    const silence = silentUntil(clocks, instant, HORIZON);
    if (silence !== null) return { end: Math.min(silence, HORIZON + 1), candidate: NEVER, commonDay: NEVER };
    let stretch = stretches.at(instant);
    let candidate = candidateOf(stretch.state);
    if (candidate === NEVER) {
      // Stretches in which nothing can agree are passed over together.
      while (candidate === NEVER && stretch.end <= HORIZON) {
        const following = stretches.after(stretch);
        candidate = candidateOf(following.state);
        if (candidate !== NEVER) break;
        stretch = following;
      }
      return { end: Math.min(stretch.end, HORIZON + 1), candidate: NEVER, commonDay: NEVER };
    }
    const end = Math.min(stretch.end, HORIZON + 1);
    const { state } = stretch;
    const commonDay = isShifting(state)
      ? (day: number) => day
      : (day: number) => latestDay(firstCommonDay(calendars, state.offsets, day, end), end);
    return { end, candidate, commonDay };
  };

  let from = Number.NaN;
  let latest: Stretch | undefined;
  return (instant) => {
    if (latest !== undefined && instant >= from && instant < latest.end) return latest;
    from = instant;
    latest = stretchAt(instant);
    return latest;
  };
}

/** One clock, and nothing is ever shifted on it: there is no need to look at its changes. */
function neverOnOneClock(clocks: readonly Clock[], common: CommonTimes): boolean {
  const isOne = new Set(clocks.map(({ zone }) => zone)).size === 1 && clocks.every(({ rule }) => rule.gap === 'skip');
  return isOne && common.of(clocks.map(({ timeOfDay }) => ({ timeOfDay, offsets: [0] }))) === NEVER;
}

function timesAt({ rule, timeOfDay }: Clock, { offsets, shiftedFrom }: ZoneState, place: number) {
  const offset = offsets[place] ?? 0;
  const before = shiftedFrom[place] ?? null;
  return { timeOfDay, offsets: rule.gap === 'shift' && before !== null ? [offset, before] : [offset] };
}

/** The days that all clocks of a zone name. */
interface Calendar {
  readonly place: number;
  readonly days: Days;
}

/** Zones whose clocks name each day are left out. */
function calendarsOf(clocks: readonly Clock[], places: readonly number[]): readonly Calendar[] {
  return [...new Set(places)].flatMap((place) => {
    const own = clocks.filter(({ days }, index) => places[index] === place && days !== everyDay);
    return commonDays(own.map(({ days }) => days)).map((days) => ({ place, days }));
  });
}

/** Each calendar in turn says when its next day begins. */
function firstCommonDay(calendars: readonly Calendar[], offsets: readonly number[], from: number, end: number): number {
  let instant = from;
  for (let agreed = 0, index = 0; agreed < calendars.length && instant < end; index = (index + 1) % calendars.length) {
    const { days, place } = calendars[index] ?? EVERY_DAY;
    const offset = offsets[place] ?? 0;
    const today = Math.floor((instant + offset) / DAY_MS);
    const day = days(today);
    agreed++;
    if (day === today) continue;
    agreed = 1;
    instant = day * DAY_MS - offset;
  }
  return instant;
}

const EVERY_DAY: Calendar = { place: 0, days: everyDay };
