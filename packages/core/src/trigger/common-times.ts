import { DAY_MS } from './civil.js';
import { HORIZON } from './horizon.js';
import { type CommonTimes, timesOfProgression } from './progression-times.js';
import type { ResidueClass } from './residue-class.js';

/** Returns the first instant (ms) at or after another that is at one of the times of day in UTC, or Infinity. */
export type Candidate = (from: number) => number;

/** Finds the instants of a progression that are at one of the times of day. */
export function candidates(times: CommonTimes, progression: ResidueClass): Candidate {
  return progression.step === 1 ? nextTimeOfDay(times) : rememberingLast(ofProgression(times, progression));
}

const DAY_SECONDS = 86_400;

function nextTimeOfDay({ minutes, seconds }: CommonTimes): Candidate {
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

/** How many instants of a progression are tried one by one. After these, all common instants are listed. */
const TRIED = 64;

function ofProgression(times: CommonTimes, progression: ResidueClass): Candidate {
  const { step } = progression;
  // With a step of a day or more, a progression has fewer instants than a list would have entries.
  const most = step < DAY_MS ? TRIED : Number.POSITIVE_INFINITY;
  let listed: Candidate | undefined;
  return (from) => {
    if (listed) return listed(from);
    let instant = firstOfClass(progression, from);
    for (let tried = 0; tried < most; tried++, instant += step) {
      if (instant > HORIZON) return Number.POSITIVE_INFINITY;
      const ofDay = instant % DAY_MS;
      if (!times.minutes.has(Math.floor(ofDay / 60_000)) || instant % 1_000 !== 0) continue;
      if (times.seconds.includes((ofDay / 1_000) % 60)) return instant;
    }
    listed = timesOfProgression(times, progression);
    return listed(from);
  };
}

/** Remembers the last answer: a search asks many times before the next common time. */
function rememberingLast(next: Candidate): Candidate {
  let from = Number.NaN;
  let answer = Number.NaN;
  return (asked) => {
    if (asked >= from && asked <= answer) return answer;
    answer = next(asked);
    from = asked;
    return answer;
  };
}

/** The first instant of a class at or after another. */
export function firstOfClass({ rest, step }: ResidueClass, from: number): number {
  return from + ((rest - (from % step) + step) % step);
}
