import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { InvalidTriggerError } from '../errors.js';
import { shown } from '../shown.js';

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
  readonly #periods: OffsetPeriod[] = [];
  #latest: OffsetPeriod | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** The period that holds an instant (ms). */
  periodAt(instant: number): OffsetPeriod {
    const latest = this.#latest;
    if (latest !== undefined && latest.start <= instant && instant < latest.end) return latest;
    const index = this.#firstEndingAfter(instant);
    let period = this.#periods[index];
    if (period === undefined || period.start > instant) {
      const previous = this.#periods[index - 1];
      period = readPeriod(this.name, instant, previous?.end === instant ? previous : undefined);
      this.#periods.splice(index, 0, period);
    }
    this.#latest = period;
    return period;
  }

  #firstEndingAfter(instant: number): number {
    let low = 0;
    let high = this.#periods.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#periods[middle]?.end ?? 0) > instant) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

export const timezoneSchema = z.string({ error: 'is not the IANA name of a time zone, such as "Europe/Berlin"' });

const zones = new Map<string, Zone>();

/**
 * The zone of a name; one object per zone and process, so that its periods are read once.
 * @throws InvalidTriggerError if the name is no IANA name, or if this runtime cannot read the zone's clock. Offsets such as
 * "+02:00" are no zones.
 */
export function zoneOf(name: string, what: string): Zone {
  const known = typeof name === 'string' ? zones.get(name.toLowerCase()) : undefined;
  if (known !== undefined) return known;
  const fault = faultOf(name);
  if (fault !== undefined) throw new InvalidTriggerError(`${what}: time zone ${shown(name, 80)} ${fault}`);
  const zone = new Zone(name);
  zones.set(name.toLowerCase(), zone);
  return zone;
}

const UNKNOWN = 'is not in this runtime\'s tz database; use an IANA name such as "Europe/Berlin"';

/** What is wrong with the name of a zone, undefined: nothing. A zone is right if its clock can be read. */
function faultOf(name: unknown): string | undefined {
  // Some runtimes take "+02:00" for a zone and others do not; a trigger must mean the same in all of them.
  if (typeof name !== 'string' || !/^[A-Za-z]/.test(name)) return UNKNOWN;
  if (ABBREVIATIONS.has(name.toUpperCase())) {
    return 'is an abbreviation, which means different zones in different countries; use the IANA name of the zone that is meant, such as "Europe/Berlin"';
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    return UNKNOWN;
  }
  try {
    new Zone(name).periodAt(0);
    return undefined;
  } catch {
    return 'is not an IANA name, although this runtime knows it; use the IANA name of the zone that is meant, such as "Europe/Berlin"';
  }
}

/** What ICU, and so Intl, takes for zones beside the tz database: https://unicode-org.github.io/icu/userguide/datetime/timezone/ */
const ABBREVIATIONS: ReadonlySet<string> = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(' '),
);

/** Finding transitions is slow: whoever walks from period to period is spared the one that is known already. */
function readPeriod(name: string, instant: number, previous: OffsetPeriod | undefined): OffsetPeriod {
  const now = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(name);
  const offset = offsetOf(now);
  const end = now.getTimeZoneTransition('next');
  const next = { end: end?.epochMilliseconds ?? Number.POSITIVE_INFINITY, after: end ? offsetOf(end) : offset };
  if (previous) return { start: instant, before: previous.offset, offset, ...next };
  // One ms later, so that a transition at the instant itself is the one that is found.
  const start = now.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  return {
    start: start?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    before: start ? offsetOf(start.subtract({ milliseconds: 1 })) : offset,
    offset,
    ...next,
  };
}

function offsetOf(time: Temporal.ZonedDateTime): number {
  return time.offsetNanoseconds / 1_000_000;
}
