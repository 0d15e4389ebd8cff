import { DAY_MS, monthAndDay } from './civil.js';
import {
  type ChangesOf,
  changesBetween,
  changesOfZone,
  FIRST_YEAR,
  STEP_MS,
  startOf,
  type ZoneChange,
} from './zone-changes.js';
import type { OffsetAt } from './zone-offset.js';

/** A stretch of time in which a zone's offset stays the same. Instants and offsets are ms; `end` is exclusive. */
export interface OffsetPeriod {
  readonly start: number;
  readonly end: number;
  /** Wall clock minus UTC. */
  readonly offset: number;
  /** The offset up to `start`, and the one from `end` on. Where there is no change, it is `offset` itself. */
  readonly before: number;
  readonly after: number;
}

/** Returns the periods around an instant (ms), ascending. One of them holds it. */
export type PeriodsAround = (instant: number) => readonly OffsetPeriod[];

/**
 * Returns the periods of a zone. In a process, most zones are asked about a few instants, and the changes of a year take about a hundred reads. So
 * only the weeks around the first instants are read. A zone that is asked about more instants is read by years, whose changes mostly repeat those
 * of the year before.
 */
export function periodsOfZone(offsetAt: OffsetAt): PeriodsAround {
  const ofYear = periodsOfYears(offsetAt);
  const spans: (readonly OffsetPeriod[])[] = [];
  return (instant) => {
    const year = yearOf(instant);
    const read = ofYear.known(year) ?? spans.find((span) => holds(span, instant));
    if (read !== undefined) return read;
    if (spans.length === MOST_SPANS || year <= FIRST_YEAR) return ofYear.read(year);
    const span = spanAround(instant, offsetAt);
    spans.push(span);
    return span;
  };
}

const MOST_SPANS = 4;

function holds(periods: readonly OffsetPeriod[], instant: number): boolean {
  return (periods[0]?.start ?? 0) <= instant && instant < (periods.at(-1)?.end ?? 0);
}

function yearOf(instant: number): number {
  return Math.floor(monthAndDay(Math.floor(instant / DAY_MS)) / 384);
}

/** A fold or a gap, and its effect on the clock, is over within two days. */
const MARGIN_MS = 2 * DAY_MS;

/** The periods from shortly before an instant to some weeks after it. */
function spanAround(instant: number, offsetAt: OffsetAt): readonly OffsetPeriod[] {
  const from = Math.floor(instant / DAY_MS) * DAY_MS - MARGIN_MS - DAY_MS;
  const to = from + SPAN_STEPS * STEP_MS;
  const changes = changesBetween(offsetAt, from, to);
  const still = changes.length === 0 ? offsetAt(from) : 0;
  const cut = { start: from + MARGIN_MS, end: to - MARGIN_MS, still };
  return periodsBetween([undefined, ...changes, undefined], cut).filter(({ start, end }) => start < end);
}

const SPAN_STEPS = 5;

interface Cut {
  /** Where the first period begins, and where the last one ends, if no change is known there. */
  readonly start: number;
  readonly end: number;
  /** The offset where there is no change. */
  readonly still: number;
}

/** @param changes ascending; undefined as the first or the last one means that none is known there */
function periodsBetween(changes: readonly (ZoneChange | undefined)[], cut: Cut): readonly OffsetPeriod[] {
  return changes.slice(0, -1).map((begin, index) => {
    const end = changes[index + 1];
    const offset = begin?.after ?? end?.before ?? cut.still;
    return {
      start: begin?.at ?? cut.start,
      end: end?.at ?? cut.end,
      offset,
      before: begin?.before ?? offset,
      after: end?.after ?? offset,
    };
  });
}

/** Reads the periods that overlap a year, and keeps those of the latest years. */
function periodsOfYears(offsetAt: OffsetAt) {
  const changesOf = changesOfZone(offsetAt);
  const kept = new Map<number, readonly OffsetPeriod[]>();
  return {
    known: (year: number) => kept.get(year),
    read: (year: number) => {
      const periods = readPeriods(year, changesOf, offsetAt);
      if (kept.size === MOST_KEPT_YEARS) kept.clear();
      kept.set(year, periods);
      return periods;
    },
  };
}

const MOST_KEPT_YEARS = 300;

/** Reads the periods of a year. A period that continues beyond the year is cut half a year outside it. */
function readPeriods(year: number, changesOf: ChangesOf, offsetAt: OffsetAt): readonly OffsetPeriod[] {
  const changes = changesOf(year);
  const all = [changesOf(year - 1).at(-1), ...changes, changesOf(year + 1)[0]];
  const still = all.every((change) => change === undefined) ? offsetAt(startOf(year)) : 0;
  return periodsBetween(all, {
    start: startOf(year - 1) + HALF_A_YEAR_MS,
    end: startOf(year + 1) + HALF_A_YEAR_MS,
    still,
  });
}

const HALF_A_YEAR_MS = 182 * DAY_MS;
