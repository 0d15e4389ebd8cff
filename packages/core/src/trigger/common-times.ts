import { DAY_MS } from './civil.js';
import { MinutesOfDay } from './minutes-of-day.js';
import { timesOfProgression } from './progression-times.js';
import type { ResidueClass } from './residue-class.js';
import type { TimeOfDay } from './time-of-day.js';

/** The first instant at or after another at which times of day agree, or Infinity. Days are not asked for. */
export type Candidate = (from: number) => number;

export const NEVER: Candidate = () => Number.POSITIVE_INFINITY;

/** A clock's times of day, with the offsets at which they count: one, or two while a gap shifts. */
export interface TimesAt {
  readonly timeOfDay: TimeOfDay;
  readonly offsets: readonly number[];
}

/** The candidates of clocks with offsets, as often as they are asked for; a progression must name them too. */
export class CommonTimes {
  readonly #progression: ResidueClass;
  /** The seconds that all clocks name, of any minute. */
  readonly #seconds: readonly number[];
  readonly #known = new Map<string, Candidate>();

  constructor(timesOfDay: readonly TimeOfDay[], progression: ResidueClass) {
    this.#progression = progression;
    this.#seconds = timesOfDay
      .map(({ seconds }) => seconds)
      .reduce((all, own) => all.filter((second) => own.includes(second)));
  }

  /** `NEVER` where clocks have nothing in common. */
  of(clocks: readonly TimesAt[]): Candidate {
    let minutes = MinutesOfDay.ALL;
    for (const clock of clocks) {
      if (clock.offsets.some((offset) => offset % 60_000 !== 0)) return this.#ofSeconds(clocks);
      minutes = minutes.and(minutesInUtc(clock));
      if (minutes.isEmpty || this.#seconds.length === 0) return NEVER;
    }
    return this.#ofMinutes(minutes, this.#seconds);
  }

  #ofMinutes(minutes: MinutesOfDay, seconds: readonly number[]): Candidate {
    if (this.#progression.step === 1) return nextTimeOfDay(minutes, seconds);
    return this.#remembered(`${minutes.key()};${seconds}`, () => {
      const times = new Uint8Array(DAY_SECONDS);
      for (const minute of minutes) for (const second of seconds) times[minute * 60 + second] = 1;
      return ofTimes(times, this.#progression);
    });
  }

  /** Clocks that are off by seconds: those of Monrovia, until 7 January 1972. */
  #ofSeconds(clocks: readonly TimesAt[]): Candidate {
    const key = clocks.map(({ offsets }) => offsets.join()).join(';');
    return this.#remembered(key, () => ofTimes(commonSeconds(clocks), this.#progression));
  }

  #remembered(key: string, make: () => Candidate): Candidate {
    const candidate = this.#known.get(key) ?? make();
    this.#known.set(key, candidate);
    return candidate;
  }
}

export function minutesInUtc({ timeOfDay, offsets }: TimesAt): MinutesOfDay {
  const [offset = 0, other = offset] = offsets;
  const minutes = timeOfDay.minutes.later(-offset / 60_000);
  return other === offset ? minutes : minutes.or(timeOfDay.minutes.later(-other / 60_000));
}

/** 1 at each second of the day in UTC that all clocks name, each at one of its offsets. */
function commonSeconds(clocks: readonly TimesAt[]): Uint8Array {
  const named = clocks.map(({ timeOfDay, offsets }) => {
    const own = timeOfDay.all();
    return offsets.map((offset) => inUtc(own, offset)).reduce(either);
  });
  return named.reduce((all, own) => all.map((second, index) => second & (own[index] ?? 0)));
}

function either(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((second, index) => second | (other[index] ?? 0));
}

/** Times of day that a clock shows, by the time of day it then is in UTC. */
function inUtc(times: Uint8Array, offset: number): Uint8Array {
  const shift = (Math.round(offset / 1_000) + 2 * DAY_SECONDS) % DAY_SECONDS;
  const shifted = new Uint8Array(DAY_SECONDS);
  shifted.set(times.subarray(shift));
  shifted.set(times.subarray(0, shift), DAY_SECONDS - shift);
  return shifted;
}

const DAY_SECONDS = 86_400;

function nextTimeOfDay(minutes: MinutesOfDay, seconds: readonly number[]): Candidate {
  const [first = 0] = seconds;
  return (from) => {
    const instant = Math.ceil(from / 1_000);
    const midnight = Math.floor(instant / DAY_SECONDS) * DAY_SECONDS;
    const minute = Math.floor((instant - midnight) / 60);
    if (minutes.has(minute)) {
      const second = seconds.find((named) => midnight + minute * 60 + named >= instant);
      if (second !== undefined) return (midnight + minute * 60 + second) * 1_000;
    }
    const later = minutes.next(minute + 1);
    const day = later < 0 ? midnight + DAY_SECONDS : midnight;
    return (day + (later < 0 ? minutes.next(0) : later) * 60 + first) * 1_000;
  };
}

/** How many instants of a progression are tried one by one before all that it has in common with the times are listed. */
const TRIED = 64;

/** `times` has 1 at each second of the day that is named. */
function ofTimes(times: Uint8Array, progression: ResidueClass): Candidate {
  if (!times.includes(1)) return NEVER;
  let listed: Candidate | undefined;
  return (from) => {
    if (listed) return listed(from);
    let instant = firstOfClass(progression, from);
    for (let tried = 0; tried < TRIED; tried++, instant += progression.step) {
      if (instant % 1_000 === 0 && times[(instant % DAY_MS) / 1_000] === 1) return instant;
    }
    listed = timesOfProgression(times, progression);
    return listed(from);
  };
}

/** The first instant of a class at or after another. */
export function firstOfClass({ rest, step }: ResidueClass, from: number): number {
  return from + ((rest - (from % step) + step) % step);
}
