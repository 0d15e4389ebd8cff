import { z } from 'zod';
import { InvalidTriggerError } from '../errors.js';
import { shown } from '../shown.js';
import { DAY_MS, monthAndDay } from './civil.js';
import { type ChangesOf, changesOfZone, startOf } from './zone-changes.js';
import { type OffsetAt, offsetReader } from './zone-offset.js';

/** A stretch of time in which a zone's offset stays the same. Instants and offsets are ms; `end` is exclusive. */
export interface OffsetPeriod {
  readonly start: number;
  readonly end: number;
  /** Wall clock minus UTC. */
  readonly offset: number;
  /** The offset up to `start`, and the one from `end` on; `offset` itself where there is no such transition. */
  readonly before: number;
  readonly after: number;
}

/** A time zone of the tz database, with those of its periods that were asked for so far. */
export class Zone {
  readonly name: string;
  readonly #periodsOf: (year: number) => readonly OffsetPeriod[];
  #latest: OffsetPeriod | undefined;

  /**
   * @param periodsOf its periods, where they are being read already.
   * @throws RangeError if this runtime has no such zone.
   */
  constructor(name: string, periodsOf = readPeriodsOf(name)) {
    this.name = name;
    this.#periodsOf = periodsOf;
  }

  /** The period that holds an instant (ms), of the years 1 to 9999; what is cut off at the end of a year goes on after it. */
  periodAt(instant: number): OffsetPeriod {
    const latest = this.#latest;
    if (latest !== undefined && latest.start <= instant && instant < latest.end) return latest;
    const periods = this.#periodsOf(yearOf(instant));
    let index = periods.length - 1;
    while (index > 0 && (periods[index]?.start ?? 0) > instant) index--;
    const period = periods[index] ?? STILL;
    this.#latest = period;
    return period;
  }
}

const STILL: OffsetPeriod = {
  start: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
  offset: 0,
  before: 0,
  after: 0,
};
const UTC = [STILL];

function yearOf(instant: number): number {
  return Math.floor(monthAndDay(Math.floor(instant / DAY_MS)) / 384);
}

/** The periods that a year has part in; those of the years asked for last are kept. */
function periodsOfZone(offsetAt: OffsetAt): (year: number) => readonly OffsetPeriod[] {
  const changesOf = changesOfZone(offsetAt);
  const known = new Map<number, readonly OffsetPeriod[]>();
  return (year) => {
    const found = known.get(year);
    if (found !== undefined) return found;
    const periods = readPeriods(year, changesOf, offsetAt);
    if (known.size === MOST_KEPT_YEARS) known.clear();
    known.set(year, periods);
    return periods;
  };
}

const MOST_KEPT_YEARS = 300;

/** A fold or a gap and what it does to the clock is over within two days: a period that goes on is cut half a year off. */
function readPeriods(year: number, changesOf: ChangesOf, offsetAt: OffsetAt): readonly OffsetPeriod[] {
  const changes = changesOf(year);
  const previous = changesOf(year - 1).at(-1);
  const [next] = changesOf(year + 1);
  const all = [previous, ...changes, next];
  const still = all.every((change) => change === undefined) ? offsetAt(startOf(year)) : undefined;
  return [previous, ...changes].map((begin, index) => {
    const end = all[index + 1];
    const offset = begin?.after ?? end?.before ?? still ?? 0;
    return {
      start: begin?.at ?? startOf(year - 1) + HALF_A_YEAR_MS,
      end: end?.at ?? startOf(year + 1) + HALF_A_YEAR_MS,
      offset,
      before: begin?.before ?? offset,
      after: end?.after ?? offset,
    };
  });
}

const HALF_A_YEAR_MS = 182 * DAY_MS;

export const timezoneSchema = z.string({ error: 'is not the IANA name of a time zone, such as "Europe/Berlin"' });

const zones = new Map<string, Zone>();
/** By names in lower case: the periods of a zone are read once, however it is spelt. */
const periods = new Map<string, (year: number) => readonly OffsetPeriod[]>();

/**
 * The zone of a name, spelt as it is given; one object per name and process.
 * @throws InvalidTriggerError if the name is no IANA name of this runtime. Offsets such as "+02:00" are no zones.
 */
export function zoneOf(name: string, what: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone = readZone(name);
  if (typeof zone === 'string') throw new InvalidTriggerError(`${what}: time zone ${shown(name, 80)} ${zone}`);
  zones.set(name, zone);
  return zone;
}

const UNKNOWN = 'is not in this runtime\'s tz database; use an IANA name such as "Europe/Berlin"';

/** A zone whose clock can be read, or what is wrong with its name. */
function readZone(name: unknown): Zone | string {
  // Some runtimes take "+02:00" for a zone and others do not; a trigger must mean the same in all of them.
  if (typeof name !== 'string' || !/^[A-Za-z]/.test(name)) return UNKNOWN;
  if (ABBREVIATIONS.has(name.toUpperCase())) {
    return 'is an abbreviation, which means different zones in different countries; use the IANA name of the zone that is meant, such as "Europe/Berlin"';
  }
  try {
    const key = name.toLowerCase();
    const periodsOf = periods.get(key) ?? readPeriodsOf(name);
    periods.set(key, periodsOf);
    return new Zone(name, periodsOf);
  } catch {
    return UNKNOWN;
  }
}

/** @throws RangeError if this runtime has no such zone. */
function readPeriodsOf(name: string): (year: number) => readonly OffsetPeriod[] {
  // The first use of Intl takes longer than all else in a process.
  if (name === 'UTC') return () => UTC;
  const offsetAt = offsetReader(name);
  return offsetAt ? periodsOfZone(offsetAt) : () => UTC;
}

/** What ICU, and so Intl, takes for zones beside the tz database: https://unicode-org.github.io/icu/userguide/datetime/timezone/ */
const ABBREVIATIONS: ReadonlySet<string> = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(' '),
);
