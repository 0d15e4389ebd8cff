import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { InvalidTriggerError } from '../errors.js';

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
 * @throws InvalidTriggerError if this runtime's tz database has no such zone. Offsets such as "+02:00" are no zones.
 */
export function zoneOf(name: string, what: string): Zone {
  const key = name.toLowerCase();
  const known = zones.get(key);
  if (known !== undefined) return known;
  if (!isZone(name)) {
    throw new InvalidTriggerError(
      `${what}: time zone ${JSON.stringify(name)} is not in this runtime's tz database; use an IANA name such as "Europe/Berlin"`,
    );
  }
  const zone = new Zone(name);
  zones.set(key, zone);
  return zone;
}

function isZone(name: string): boolean {
  // Some runtimes take "+02:00" for a zone and others do not; a trigger must mean the same in all of them.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

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
