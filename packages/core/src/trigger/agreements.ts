import { DAY_MS } from './civil.js';
import type { Clock } from './clock.js';
import { gcd, inverse, modulo, type ResidueClass } from './residue-class.js';

/** A time in which no clock's offset changes, so that the times of day common to all stay the same. */
export interface Stretch {
  /** Exclusive. */
  readonly end: number;
  /** The first instant at or after another at which times of day agree, or Infinity. Days are not asked for. */
  readonly candidate: (from: number) => number;
  /** The first instant at or after another at which days agree. */
  readonly commonDay: (from: number) => number;
}

type Candidate = Stretch['candidate'];

const NEVER: Candidate = () => Number.POSITIVE_INFINITY;

/** 2099-12-31T23:59:59.999Z. No stretch goes beyond it: that is what makes every search end. */
export const HORIZON = 4_102_444_799_999;

/** The stretch that holds an instant of 1970 to 2099, for clocks and a progression that are to agree. */
export function agreements(clocks: readonly Clock[], progression: ResidueClass): (instant: number) => Stretch {
  if (clocks.length === 0) {
    const candidate = every(progression);
    return () => ({ end: HORIZON + 1, candidate, commonDay: (from) => from });
  }
  const times = clocks.map(({ timeOfDay }) => timeOfDay.all());
  const known = new Map<string, Candidate>();
  const candidateAt = (offsets: readonly (readonly number[])[]): Candidate => {
    const key = offsets.join(';');
    const candidate = known.get(key) ?? ofTimes(commonTimes(times, offsets), progression);
    known.set(key, candidate);
    return candidate;
  };
  const zones = new Set(clocks.map(({ zone }) => zone));
  const still = clocks.every(({ rule }) => rule.gap === 'skip') && zones.size === 1;
  if (still && commonTimes(times, Array(clocks.length).fill([0])).length === 0) {
    // One clock, and nothing is ever shifted on it: there is no need to look at its changes.
    return () => ({ end: HORIZON + 1, candidate: NEVER, commonDay: NEVER });
  }
  let from = Number.NaN;
  let latest: Stretch | undefined;
  return (instant) => {
    if (latest !== undefined && instant >= from && instant < latest.end) return latest;
    let end = HORIZON + 1;
    let shifting = false;
    const offsets = clocks.map(({ zone, rule }) => {
      const period = zone.periodAt(instant);
      const gapEnd = period.start + (period.offset - period.before);
      end = Math.min(end, period.end);
      if (rule.gap === 'skip' || instant >= gapEnd) return [period.offset];
      shifting = true;
      end = Math.min(end, gapEnd);
      return [period.offset, period.before];
    });
    const single = offsets.map(([offset = 0]) => offset);
    const commonDay = shifting ? (day: number) => day : (day: number) => firstCommonDay(clocks, single, day, end);
    latest = { end, candidate: candidateAt(offsets), commonDay };
    from = instant;
    return latest;
  };
}

/** Each clock in turn says when, by its calendar, its next day begins. */
function firstCommonDay(clocks: readonly Clock[], offsets: readonly number[], from: number, end: number) {
  let instant = from;
  for (let agreed = 0, index = 0; agreed < clocks.length && instant < end; index = (index + 1) % clocks.length) {
    const offset = offsets[index] ?? 0;
    const today = Math.floor((instant + offset) / DAY_MS);
    const day = clocks[index]?.days(today) ?? today;
    agreed = day > today ? 1 : agreed + 1;
    if (day > today) instant = day * DAY_MS - offset;
  }
  return instant;
}

/** The times of day in UTC (ms) that all clocks name, each at one of its offsets; ascending. */
function commonTimes(times: readonly Uint8Array[], offsets: readonly (readonly number[])[]): number[] {
  const named = times.map((own, index) => (offsets[index] ?? []).map((offset) => inUtc(own, offset)).reduce(either));
  const common = named.reduce((all, own) => all.map((second, index) => second & (own[index] ?? 0)));
  return Array.from(seconds(common), (second) => second * 1_000);
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

function* seconds(named: Uint8Array): Generator<number> {
  for (let second = named.indexOf(1); second >= 0; second = named.indexOf(1, second + 1)) yield second;
}

const DAY_SECONDS = 86_400;

function every({ rest, step }: ResidueClass): Candidate {
  return (from) => from + ((rest - (from % step) + step) % step);
}

/** Days that are looked at: 1970 to 2099. */
const DAYS = 47_482;

/**
 * The instants of a progression at certain times of day. A progression comes to a time of day either never or each so
 * many days, so that together they are so many instants of a cycle.
 */
function ofTimes(times: readonly number[], { rest, step }: ResidueClass): Candidate {
  const common = Number(gcd(BigInt(step), BigInt(DAY_MS)));
  const cycleDays = step / common;
  const dayOf = dayInCycle(BigInt(DAY_MS / common), cycleDays);
  const instants: number[] = [];
  for (const time of times) {
    if ((rest - time) % common !== 0) continue;
    const day = dayOf((rest - time) / common);
    if (day < DAYS) instants.push(day * DAY_MS + time);
  }
  if (instants.length === 0) return NEVER;
  const sorted = Float64Array.from(instants);
  if (cycleDays > 1) sorted.sort();
  // Longer cycles than all the time that is looked at do not come round.
  const cycle = cycleDays < DAYS ? cycleDays * DAY_MS : Number.POSITIVE_INFINITY;
  return (from) => firstAtOrAfter(sorted, cycle, from);
}

/** Answers which multiple of `factor` leaves a rest, modulo the cycle. */
function dayInCycle(factor: bigint, cycleDays: number): (rest: number) => number {
  const modulus = BigInt(cycleDays);
  const inverted = inverse(factor, modulus);
  if (cycleDays > MAX_FACTOR) return (rest) => Number(modulo(BigInt(rest) * inverted, modulus));
  const multiplier = Number(inverted);
  return (rest) => ((((rest % cycleDays) + cycleDays) % cycleDays) * multiplier) % cycleDays;
}

/** Two factors up to it have an exact product. */
const MAX_FACTOR = 94_000_000;

function firstAtOrAfter(sorted: Float64Array, cycle: number, from: number): number {
  const begin = cycle === Number.POSITIVE_INFINITY ? 0 : from - (from % cycle);
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < from - begin) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  if (found !== undefined) return begin + found;
  return begin + cycle + (sorted[0] ?? Number.POSITIVE_INFINITY);
}
