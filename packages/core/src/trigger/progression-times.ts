import { DAY_MS } from './civil.js';
import { gcd, inverse, modulo, type ResidueClass } from './residue-class.js';

/** Days that are looked at: 1970 to 2099. */
const DAYS = 47_482;

/**
 * Answers the first instant of a progression at or after another at which the second of the day is one of these (1 in
 * `times`), or Infinity.
 */
export function timesOfProgression(times: Uint8Array, progression: ResidueClass): (from: number) => number {
  const { instants, cycle } = wholeSeconds(progression);
  const named = instants.filter((instant) => times[(instant % DAY_MS) / 1_000] === 1);
  if (named.length === 0) return () => Number.POSITIVE_INFINITY;
  return (from) => firstAtOrAfter(named, cycle, from);
}

interface WholeSeconds {
  /** Of one cycle, ascending. */
  readonly instants: Float64Array;
  /** ms; longer ones than all the time that is looked at do not come round. */
  readonly cycle: number;
}

/** Of progressions asked for last: a conjunction asks for the same one with many times of day. */
const known = new Map<string, WholeSeconds>();
const MAX_KNOWN = 8;

function wholeSeconds(progression: ResidueClass): WholeSeconds {
  const key = `${progression.rest} ${progression.step}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const listed = progression.step < DAY_MS ? bySecondOfDay(progression) : oneByOne(progression);
  if (known.size === MAX_KNOWN) known.clear();
  known.set(key, listed);
  return listed;
}

/** At most one a day. */
function oneByOne({ rest, step }: ResidueClass): WholeSeconds {
  const instants: number[] = [];
  for (let instant = rest; instant < DAYS * DAY_MS; instant += step) {
    if (instant % 1_000 === 0) instants.push(instant);
  }
  return { instants: Float64Array.from(instants), cycle: Number.POSITIVE_INFINITY };
}

/**
 * A progression comes to a second of the day either never or each so many days, so that all of them together are so many
 * instants of a cycle.
 */
function bySecondOfDay({ rest, step }: ResidueClass): WholeSeconds {
  const common = Number(gcd(BigInt(step), BigInt(DAY_MS)));
  const cycleDays = step / common;
  const dayOf = dayInCycle(BigInt(DAY_MS / common), cycleDays);
  const instants: number[] = [];
  for (let time = 0; time < DAY_MS; time += 1_000) {
    if ((rest - time) % common !== 0) continue;
    const day = dayOf((rest - time) / common);
    if (day < DAYS) instants.push(day * DAY_MS + time);
  }
  const sorted = Float64Array.from(instants);
  if (cycleDays > 1) sorted.sort();
  return { instants: sorted, cycle: cycleDays < DAYS ? cycleDays * DAY_MS : Number.POSITIVE_INFINITY };
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
