import type { OffsetPeriod, Zone } from './zone.js';

/** The state of a zone's clock for some time. Equal states of a zone are one object. */
export interface ZoneState {
  /** 0, 1, 2, … in the order in which the states of the zone were found. */
  readonly id: number;
  /** Wall clock minus UTC, ms. */
  readonly offset: number;
  /** The offset from before a gap, ms, while times of this gap are shifted; else null. */
  readonly shiftedFrom: number | null;
}

/** A time in which a zone does not change its offset, and no gap begins or stops to shift times. */
export interface ZoneStretch {
  /** Inclusive, ms. */
  readonly start: number;
  /** Exclusive, ms. */
  readonly end: number;
  readonly state: ZoneState;
}

interface Link extends ZoneStretch {
  next?: ZoneStretch;
}

/** The stretches of a zone, one after another. Each is made once a process, when it is first asked for. */
export class ZoneCourse {
  readonly #zone: Zone;
  readonly #byEnd = new Map<number, ZoneStretch>();
  readonly #states: ZoneState[] = [];

  constructor(zone: Zone) {
    this.#zone = zone;
  }

  /** The stretch that holds an instant (ms). */
  at(instant: number): ZoneStretch {
    const period = this.#zone.periodAt(instant);
    const gapEnd = endOfGap(period);
    const shifts = instant < gapEnd;
    const end = shifts ? Math.min(period.end, gapEnd) : period.end;
    const known = this.#byEnd.get(end);
    if (known !== undefined) return known;
    const start = shifts ? period.start : Math.max(period.start, gapEnd);
    const stretch: Link = { start, end, state: this.#stateOf(period.offset, shifts ? period.before : null) };
    this.#byEnd.set(end, stretch);
    return stretch;
  }

  /** The stretch that follows another. */
  after(stretch: ZoneStretch): ZoneStretch {
    const link: Link = stretch;
    link.next ??= this.at(link.end);
    return link.next;
  }

  #stateOf(offset: number, shiftedFrom: number | null): ZoneState {
    const known = this.#states.find((state) => state.offset === offset && state.shiftedFrom === shiftedFrom);
    if (known !== undefined) return known;
    const state = { id: this.#states.length, offset, shiftedFrom };
    this.#states.push(state);
    return state;
  }
}

/** The end of the time into which the gap before a period shifts times. */
function endOfGap({ start, before, offset }: OffsetPeriod): number {
  return start + Math.max(0, offset - before);
}

const courses = new WeakMap<Zone, ZoneCourse>();

export function courseOf(zone: Zone): ZoneCourse {
  const course = courses.get(zone) ?? new ZoneCourse(zone);
  courses.set(zone, course);
  return course;
}
