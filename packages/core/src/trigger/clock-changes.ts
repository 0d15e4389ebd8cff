import type { Clock } from './clock.js';
import { wallClock } from './wall-clock.js';
import type { OffsetPeriod } from './zone.js';

/** The effect of one change of a zone's clock on wall-clock times that a trigger names. */
export interface ClockChange {
  /** `shifted` and `dropped`: a gap of the clock moved or skipped them. `doubled`: they fire twice in a fold. */
  readonly kind: 'shifted' | 'dropped' | 'doubled';
  readonly changeAt: Date;
  readonly timezone: string;
  /** The first and the last wall-clock time that the clock skips or shows twice, such as `2027-03-14T02:30:00`. */
  readonly wallClock: { readonly first: string; readonly last: string };
  /** How many wall-clock times the change affects. */
  readonly count: number;
  /** The fire times of the first affected wall-clock time: none, one or two. */
  readonly fireTimes: readonly Date[];
  /** The effect in words. */
  readonly message: string;
}

/**
 * Returns the effects of clock changes on a trigger in a span (ms, inclusive). A trigger that fires in every hour and follows real time has none:
 * the clock jumps, but no fire is moved, lost or added.
 */
export function clockChanges(clock: Clock, span: { readonly from: number; readonly to: number }) {
  const { zone, rule, timeOfDay } = clock;
  if (timeOfDay.everyHour && rule.gap === 'skip' && rule.fold === 'both') return [];
  const changes: ClockChange[] = [];
  let period = zone.periodAt(span.from);
  while (period.end <= span.to) {
    period = zone.periodAt(period.end);
    const change = period.offset > period.before ? gapChange(clock, period) : foldChange(clock, period);
    if (change) changes.push(change);
  }
  return changes;
}

function gapChange(clock: Clock, period: OffsetPeriod): ClockChange | undefined {
  const { start, before, offset } = period;
  const walls = wallsBetween(clock, start + before, start + offset);
  if (!walls) return undefined;
  const shifted = clock.rule.gap === 'shift';
  const fires = shifted ? [walls.first - before] : [];
  const became = shifted
    ? `${walls.count > 1 ? 'they fire' : 'it fires'} ${length(offset - before)} later, at ${shown(walls.first + offset - before)}`
    : `${walls.count > 1 ? 'they do' : 'it does'} not fire`;
  return change(
    clock,
    { kind: shifted ? 'shifted' : 'dropped', start, walls, fires },
    (times) => `${times} ${walls.count > 1 ? 'do' : 'does'} not exist in ${clock.zone.name}: ${became}`,
  );
}

function foldChange(clock: Clock, period: OffsetPeriod): ClockChange | undefined {
  const { start, before, offset } = period;
  const walls = clock.rule.fold === 'both' ? wallsBetween(clock, start + offset, start + before) : undefined;
  if (!walls) return undefined;
  const fires = [walls.first - before, walls.first - offset];
  return change(
    clock,
    { kind: 'doubled', start, walls, fires },
    (times) =>
      `${times} ${walls.count > 1 ? 'come' : 'comes'} twice in ${clock.zone.name}: ${walls.count > 1 ? 'they fire' : 'it fires'} twice`,
  );
}

interface Walls {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** The named wall-clock times from `from` to `end`, exclusive. */
function wallsBetween({ days, timeOfDay }: Clock, from: number, end: number): Walls | undefined {
  const times = wallClock(days, timeOfDay);
  const first = times(from);
  if (first >= end) return undefined;
  let last = first;
  let count = 1;
  for (let next = times(last + 1); next < end; next = times(next + 1)) {
    last = next;
    count++;
  }
  return { first, last, count };
}

interface Found {
  readonly kind: ClockChange['kind'];
  readonly start: number;
  readonly walls: Walls;
  readonly fires: readonly number[];
}

function change({ zone }: Clock, found: Found, message: (times: string) => string): ClockChange {
  const { kind, start, walls, fires } = found;
  const { first, last, count } = walls;
  return {
    kind,
    changeAt: new Date(start),
    timezone: zone.name,
    wallClock: { first: isoOf(first), last: isoOf(last) },
    count,
    fireTimes: fires.map((fire) => new Date(fire)),
    message: message(count > 1 ? `${shown(first)} to ${shown(last)} (${count} times)` : shown(first)),
  };
}

function isoOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 19);
}

/** Returns a wall-clock time as text: `2027-03-14 02:30`, with seconds where they are not 0. */
function shown(wall: number): string {
  return isoOf(wall).replace('T', ' ').replace(/:00$/, '');
}

/** Returns a length of time as text: `1 h`, `30 min`. */
function length(ms: number): string {
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : `${Math.round(ms / 60_000)} min`;
}
