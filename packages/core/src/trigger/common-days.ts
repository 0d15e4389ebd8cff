import { commonProgression, progressionOfDays } from './day-progressions.js';
import { LAST_DAY } from './horizon.js';
import { byCalendar, firstOfMasksInSteps, type Masks, type MonthMask, masksOf, shiftedMask } from './month-masks.js';
import type { Steps } from './steps.js';
import { type Days, everyDay } from './wall-clock.js';

/**
 * Days that a clock names. `shifts`: which day the clock shows compared with UTC. It is the day before (-1), the same day (0), the day after (1),
 * or one of several of these.
 */
export interface ShiftedDays {
  readonly days: Days;
  readonly shifts: readonly number[];
}

/** Returns the first named day at or after another, or Infinity. It works in steps, as dozens of clocks may rarely agree on a day. */
export type DaysInSteps = (from: number) => Steps<number>;

/** How many months are searched: those up to 2099, or 29 years where no year is named. All calendars of a year occur within 28 years. */
const MONTHS_OF_A_HORIZON = 131 * 12;
const MONTHS_OF_ALL_CALENDARS = 29 * 12;

/**
 * Returns the days of UTC that all of the clocks name. A clock that may show one of several days is not asked, unless its days are made of masks.
 * So the result may have too many days, never too few.
 */
export function commonDays(clocks: readonly ShiftedDays[]): DaysInSteps {
  const distinct = distinctOf(clocks);
  const masks: Masks[] = [];
  const progressions = [];
  const others: DaysInSteps[] = [];
  for (const { days, shifts } of distinct) {
    const made = masksOf(days);
    const [shift = 0] = shifts;
    if (made !== undefined) {
      masks.push(shiftedMasks(made, shifts));
    } else if (shifts.length === 1) {
      const progression = progressionOfDays(days);
      if (progression === undefined) others.push(inOneStep((from) => days(from + shift) - shift));
      else progressions.push({ ...progression, start: progression.start - shift, end: progression.end - shift });
    }
  }
  if (progressions.length > 0) others.push(inOneStep(commonProgression(progressions)));
  if (masks.length > 0) {
    const { maskOf, ofCalendar } = commonMasks(masks);
    const months = maskOf === ofCalendar ? MONTHS_OF_ALL_CALENDARS : MONTHS_OF_A_HORIZON;
    others.push((from) => firstOfMasksInSteps(maskOf, from, months));
  }
  return remembering(inTurn(others));
}

function distinctOf(clocks: readonly ShiftedDays[]): readonly ShiftedDays[] {
  const seen = new Map<Days, ShiftedDays[]>();
  for (const clock of clocks) {
    if (clock.days === everyDay) continue;
    const same = seen.get(clock.days) ?? [];
    if (!same.some(({ shifts }) => shifts.join() === clock.shifts.join())) same.push(clock);
    seen.set(clock.days, same);
  }
  return [...seen.values()].flat();
}

function shiftedMasks({ maskOf, ofCalendar }: Masks, shifts: readonly number[]): Masks {
  const shifted = (of: MonthMask) => shifts.map((shift) => shiftedMask(of, shift)).reduce(either);
  const calendar = shifted(ofCalendar);
  return { maskOf: maskOf === ofCalendar ? calendar : shifted(maskOf), ofCalendar: calendar };
}

/** Joins masks. Those that are the same in all years are asked once per calendar, however many years are searched. */
function commonMasks(masks: readonly Masks[]): Masks {
  const ofCalendar = byCalendar(all(masks.map((made) => made.ofCalendar)));
  const ofYears = masks.filter((made) => made.maskOf !== made.ofCalendar).map(({ maskOf }) => maskOf);
  if (ofYears.length === 0) return { maskOf: ofCalendar, ofCalendar };
  return { maskOf: all([ofCalendar, ...ofYears]), ofCalendar };
}

function either(one: MonthMask, other: MonthMask): MonthMask {
  return (month, firstDay, length) => one(month, firstDay, length) | other(month, firstDay, length);
}

function all(masks: readonly MonthMask[]): MonthMask {
  const [only] = masks;
  if (only !== undefined && masks.length === 1) return only;
  return (month, firstDay, length) => {
    let mask = -1;
    for (let index = 0; index < masks.length && mask !== 0; index++) {
      mask &= masks[index]?.(month, firstDay, length) ?? 0;
    }
    return mask;
  };
}

function inOneStep(days: Days): DaysInSteps {
  return function* (from) {
    yield;
    return days(from);
  };
}

/** Asks each in turn for its next day, until all of them name the same day. */
function inTurn(calendars: readonly DaysInSteps[]): DaysInSteps {
  const [only] = calendars;
  if (only && calendars.length === 1) return only;
  return function* (from) {
    let day = from;
    for (let agreed = 0, index = 0; agreed < calendars.length; index = (index + 1) % calendars.length) {
      const next = yield* (calendars[index] as DaysInSteps)(day);
      if (next > LAST_DAY) return Number.POSITIVE_INFINITY;
      agreed = next === day ? agreed + 1 : 1;
      day = next;
    }
    return day;
  };
}

/** Remembers the last answer: a search asks many times before the next common day. */
function remembering(days: DaysInSteps): DaysInSteps {
  let from = Number.NaN;
  let answer = Number.NaN;
  return function* (asked) {
    if (asked >= from && asked <= answer) return answer;
    const found = yield* days(asked);
    answer = found;
    from = asked;
    return found;
  };
}
