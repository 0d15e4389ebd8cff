import { z } from 'zod';
import { InvalidTriggerError } from '../errors.js';
import { shown } from '../shown.js';
import { offsetReader } from './zone-offset.js';
import { type OffsetPeriod, type PeriodsAround, periodsOfZone } from './zone-periods.js';

export type { OffsetPeriod } from './zone-periods.js';

/** A time zone of the tz database, with the periods that were read so far. */
export class Zone {
  readonly name: string;
  readonly #periodsAround: PeriodsAround;
  #latest: OffsetPeriod | undefined;

  /** @param periodsAround its periods, if another spelling of the zone reads them already @throws RangeError if this runtime has no such zone. */
  constructor(name: string, periodsAround = readPeriodsOf(name)) {
    this.name = name;
    this.#periodsAround = periodsAround;
  }

  /**
   * Returns the period that holds an instant (ms) of the years 1 to 9999. It may end where the offset does not change; then the next period
   * continues it.
   */
  periodAt(instant: number): OffsetPeriod {
    const latest = this.#latest;
    if (latest !== undefined && latest.start <= instant && instant < latest.end) return latest;
    const periods = this.#periodsAround(instant);
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

export const timezoneSchema = z.string({ error: 'is not the IANA name of a time zone, such as "Europe/Berlin"' });

const zones = new Map<string, Zone>();
/** The periods of zones, by names in lower case: a zone is read once, however it is spelt. */
const periods = new Map<string, PeriodsAround>();

/**
 * Returns the zone of a name, spelt as it is given; one object per name and process.
 * @throws InvalidTriggerError if the name is not an IANA name of this runtime. Offsets such as "+02:00" are not zones.
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
  // Some runtimes accept "+02:00" as a zone and others do not; a trigger must mean the same in all of them.
  if (typeof name !== 'string' || !/^[A-Za-z]/.test(name)) return UNKNOWN;
  if (ABBREVIATIONS.has(name.toUpperCase())) {
    return 'is an abbreviation, which means different zones in different countries; use the IANA name of the zone that is meant, such as "Europe/Berlin"';
  }
  try {
    const key = name.toLowerCase();
    const periodsAround = periods.get(key) ?? readPeriodsOf(name);
    periods.set(key, periodsAround);
    return new Zone(name, periodsAround);
  } catch {
    return UNKNOWN;
  }
}

/** @throws RangeError if this runtime has no such zone. */
function readPeriodsOf(name: string): PeriodsAround {
  // UTC needs no Intl. The first use of Intl takes longer than everything else in a process.
  if (name === 'UTC') return () => UTC;
  const offsetAt = offsetReader(name);
  return offsetAt ? periodsOfZone(offsetAt) : () => UTC;
}

/**
 * Names that ICU, and so Intl, accepts as zones though they are not in the tz database:
 * https://unicode-org.github.io/icu/userguide/datetime/timezone/
 */
const ABBREVIATIONS: ReadonlySet<string> = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(' '),
);
