import { DAY_MS } from './civil.js';
import type { Clock } from './clock.js';
import { commonDays, type DaysInSteps, type ShiftedDays } from './common-days.js';
import { type Candidate, candidates } from './common-times.js';
import { HORIZON } from './horizon.js';
import { MINUTES_OF_A_DAY, type MinutesOfDay } from './minutes-of-day.js';
import type { ResidueClass } from './residue-class.js';
import type { Steps } from './steps.js';
import type { Zone } from './zone.js';
import type { ZoneState } from './zone-course.js';

/** Returns the first instant (ms) at or after another at which clocks may agree, or Infinity. */
export type MeetingTime = (from: number) => Steps<number>;

export const NEVER: MeetingTime = function* () {
  yield;
  return Number.POSITIVE_INFINITY;
};

/** Clocks of one zone that have to agree. A gap shifts the times of all of them, or of none. */
export interface ClockGroup {
  readonly zone: Zone;
  readonly clocks: readonly Clock[];
  readonly shifts: boolean;
}

/** The offsets of a group's times in a state of its zone: one, or two while a gap shifts times. */
export function offsetsOf({ shifts }: ClockGroup, { offset, shiftedFrom }: ZoneState): readonly number[] {
  return shifts && shiftedFrom !== null && shiftedFrom !== offset ? [offset, shiftedFrom] : [offset];
}

/**
 * Returns the minutes of the day in UTC at which all clocks of a group may name a time at these offsets. There may be too many of them: if an
 * offset is not of whole minutes (Monrovia's, until 1972), or if there are two offsets.
 */
export function minutesOf({ clocks }: ClockGroup, offsets: readonly number[]): MinutesOfDay {
  const earlier = [...new Set(offsets.flatMap((ms) => [Math.floor(ms / 60_000), Math.ceil(ms / 60_000)]))];
  return clocks
    .map(({ timeOfDay }) => earlier.map((by) => timeOfDay.minutes.later(-by)).reduce((one, other) => one.or(other)))
    .reduce((one, other) => one.and(other));
}

/** What the clocks that have to agree name, at the offsets of each. */
export interface Meeting {
  readonly minutes: MinutesOfDay;
  readonly groups: readonly { readonly group: ClockGroup; readonly offsets: readonly number[] }[];
}

/** Whether no instant can be on a named day of all clocks, whatever their offsets are. */
export function* haveNoDay(groups: readonly ClockGroup[]): Steps<boolean> {
  // In one zone, all clocks show the same day. The search by that day excludes more.
  if (groups.every(({ zone }) => zone === groups[0]?.zone)) return false;
  const clocks = groups.flatMap((group) => group.clocks.map(({ days }) => ({ days, shifts: [-1, 0, 1] })));
  return (yield* commonDays(clocks)(0)) === Number.POSITIVE_INFINITY;
}

/** The common days of the clocks, by how far the day of each is from UTC's. Many states have the same distances. */
export type KnownDays = Map<string, DaysInSteps>;

interface Wanted {
  /** The seconds that all clocks name. */
  readonly seconds: readonly number[];
  readonly progression: ResidueClass;
  readonly known: KnownDays;
}

/**
 * Returns a search for the first instant at which the clocks may agree. It cuts the day of UTC at each clock's midnight. Within a part, a clock
 * shows the same day at all times: the day before UTC's, the same day or the day after.
 */
export function candidateOf({ minutes, groups }: Meeting, { seconds, progression, known }: Wanted): MeetingTime {
  const isWhole = groups.every(({ offsets }) => offsets.every((ms) => ms % 60_000 === 0));
  const named = isWhole ? seconds : secondsOf(groups);
  if (named.length === 0) return NEVER;
  const cuts = midnights(groups.flatMap(({ offsets }) => offsets));
  const parts = cuts.flatMap((from, index) => {
    const end = cuts[index + 1] ?? MINUTES_OF_A_DAY;
    const own = minutes.between(from, end);
    if (own.isEmpty) return [];
    const days = groups.map(({ offsets }) => [...new Set(offsets.flatMap((ms) => daysApart(ms, from, end)))].sort());
    const times = candidates({ minutes: own, seconds: named }, progression);
    return [onDays(times, daysBy(days))];
  });
  return earliest(parts);

  function daysBy(shifts: readonly (readonly number[])[]): DaysInSteps {
    const key = shifts.join(';');
    const found = known.get(key);
    if (found !== undefined) return found;
    const clocks = groups.flatMap(({ group }, index): readonly ShiftedDays[] =>
      group.clocks.map(({ days }) => ({ days, shifts: shifts[index] ?? [0] })),
    );
    const days = commonDays(clocks);
    known.set(key, days);
    return days;
  }
}

/** Returns the seconds of the minute in UTC at which all clocks may name a time, ascending. */
function secondsOf(groups: Meeting['groups']): readonly number[] {
  const ofClocks = groups.flatMap(({ group, offsets }) =>
    group.clocks.map(({ timeOfDay: { seconds } }) => new Set(offsets.flatMap((ms) => seconds.map(inUtc(ms))))),
  );
  return ALL_SECONDS.filter((second) => ofClocks.every((own) => own.has(second)));
}

const inUtc = (offset: number) => (second: number) => (((second - offset / 1_000) % 60) + 60) % 60;

const ALL_SECONDS = Array.from({ length: 60 }, (_, second) => second);

/** The minutes of the day in UTC at which a clock with one of the offsets shows midnight, and 0; ascending. */
function midnights(offsets: readonly number[]): readonly number[] {
  const minutes = offsets.flatMap((ms) => [Math.floor(-ms / 60_000), Math.ceil(-ms / 60_000)]);
  const ofDay = minutes.map((minute) => ((minute % MINUTES_OF_A_DAY) + MINUTES_OF_A_DAY) % MINUTES_OF_A_DAY);
  return [...new Set([0, ...ofDay])].sort((a, b) => a - b);
}

/** Which days a clock shows in a part of UTC's day: -1 the day before, 0 the same, 1 the day after. */
function daysApart(offset: number, from: number, end: number): readonly number[] {
  return [Math.floor((from * 60_000 + offset) / DAY_MS), Math.floor((end * 60_000 - 1 + offset) / DAY_MS)];
}

function onDays(times: Candidate, days: DaysInSteps): MeetingTime {
  return function* (from) {
    let instant = from;
    while (instant <= HORIZON) {
      const today = Math.floor(instant / DAY_MS);
      const day = yield* days(today);
      const earliest = day === today ? instant : day * DAY_MS;
      const time = earliest <= HORIZON ? times(earliest) : earliest;
      if (Math.floor(time / DAY_MS) === day) return time;
      instant = time;
    }
    return Number.POSITIVE_INFINITY;
  };
}

/** Remembers the answer of each part. A part is asked again only when the search has passed its last answer. */
function earliest(parts: readonly MeetingTime[]): MeetingTime {
  const answers = new Float64Array(parts.length).fill(Number.NaN);
  let asked = Number.POSITIVE_INFINITY;
  return function* (from) {
    if (from < asked) answers.fill(Number.NaN);
    asked = from;
    let first = Number.POSITIVE_INFINITY;
    for (let index = 0; index < parts.length; index++) {
      // Between two steps, another search may have begun at a later time. Its answers say nothing about earlier times.
      let answer = asked <= from ? (answers[index] ?? Number.NaN) : Number.NaN;
      if (!(answer >= from)) {
        answer = yield* (parts[index] as MeetingTime)(from);
        if (asked === from) answers[index] = answer;
      }
      if (answer < first) first = answer;
    }
    return first;
  };
}
