import type { OffsetPeriod, Zone } from './zone.js';

/** What the clocks of zones do for a while, in the order of the zones. Equal states are one object. */
export interface ZoneState {
  /** 0, 1, 2, … in the order in which states are met. */
  readonly id: number;
  /** Wall clock minus UTC, ms. */
  readonly offsets: readonly number[];
  /** The offset from before a gap, ms, while times of this gap are shifted; else null. */
  readonly shiftedFrom: readonly (number | null)[];
}

/** A time in which no zone changes its offset, and no gap begins or ceases to shift times. */
export interface ZoneStretch {
  /** Exclusive, ms. */
  readonly end: number;
  readonly state: ZoneState;
}

interface Link extends ZoneStretch {
  next?: Link;
}

/** The stretches of some zones. Each is computed once, for all conjunctions of a trigger. */
export class Stretches {
  readonly zones: readonly Zone[];
  readonly #byEnd = new Map<number, Link>();
  readonly #states = new Map<string, ZoneState>();

  constructor(zones: Iterable<Zone>) {
    this.zones = [...new Set(zones)];
  }

  /** The stretch that holds an instant (ms). */
  at(instant: number): ZoneStretch {
    let end = Number.POSITIVE_INFINITY;
    const offsets: number[] = [];
    const shiftedFrom: (number | null)[] = [];
    for (const zone of this.zones) {
      const state = zoneStateAt(zone, instant);
      end = Math.min(end, state.end);
      offsets.push(state.offset);
      shiftedFrom.push(state.shiftedFrom);
    }
    const known = this.#byEnd.get(end);
    if (known !== undefined) return known;
    const link = { end, state: this.#stateOf(offsets, shiftedFrom) };
    this.#byEnd.set(end, link);
    return link;
  }

  /** The stretch that follows one. */
  after(stretch: ZoneStretch): ZoneStretch {
    const link: Link = stretch;
    link.next ??= this.at(link.end);
    return link.next;
  }

  #stateOf(offsets: readonly number[], shiftedFrom: readonly (number | null)[]): ZoneState {
    const key = `${offsets};${shiftedFrom}`;
    const state = this.#states.get(key) ?? { id: this.#states.size, offsets, shiftedFrom };
    this.#states.set(key, state);
    return state;
  }
}

/** What the clock of one zone does from an instant (ms) on, until `end`. */
export function zoneStateAt(zone: Zone, instant: number) {
  const period = zone.periodAt(instant);
  const gapEnd = endOfGap(period);
  const shifts = instant < gapEnd;
  const end = shifts ? Math.min(period.end, gapEnd) : period.end;
  return { end, offset: period.offset, shiftedFrom: shifts ? period.before : null };
}

/** Until then, times of the gap before a period are shifted into it. */
function endOfGap({ start, before, offset }: OffsetPeriod): number {
  return start + (offset - before);
}
