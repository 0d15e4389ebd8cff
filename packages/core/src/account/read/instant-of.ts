import { InvalidOptionsError } from '../../errors.js';
import { shown } from '../../shown.js';
import { instantOf } from '../../trigger/instant.js';
import { dayOf } from '../../trigger/plain-date.js';
import { zoneOf } from '../../trigger/zone.js';
import { zoneOfJob } from '../explain/subject.js';
import type { Timeline } from '../timeline.js';

const WALL_CLOCK = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?$/;

/**
 * Returns the instant (ms) that a value means: a Date, an ISO string with its offset, or a time on the clock of the job's zone. A time that this
 * clock skips is read with the offset from before the change. A time that it shows twice means the first pass.
 * @throws InvalidOptionsError
 */
export function instantIn(given: unknown, what: string): (timeline: Timeline) => number {
  if (given instanceof Date && !Number.isNaN(given.getTime())) return () => given.getTime();
  if (typeof given === 'string') {
    const instant = instantOf(given);
    if (!Number.isNaN(instant)) return () => instant;
    const isDay = WALL_CLOCK.test(given) && !Number.isNaN(dayOf(given.slice(0, 10)));
    const wall = isDay ? Date.parse(`${given.replace(' ', 'T')}${given.length > 10 ? 'Z' : 'T00:00Z'}`) : Number.NaN;
    if (!Number.isNaN(wall)) return (timeline) => instantAt(wall, zoneOfJob(timeline));
  }
  throw new InvalidOptionsError(
    `${what}: ${shown(given)} is neither a Date nor an instant such as "2026-03-29T09:00:00+02:00", nor a time of the job's zone such as "2026-03-29 09:00"`,
  );
}

function instantAt(wall: number, timezone: string): number {
  const zone = zoneOf(timezone, 'explain');
  const { offset, before, after } = zone.periodAt(wall);
  const periods = [zone.periodAt(wall - offset), zone.periodAt(wall - before), zone.periodAt(wall - after)];
  const instants = periods
    .map((period) => ({ period, instant: wall - period.offset }))
    .filter(({ period, instant }) => period.start <= instant && instant < period.end);
  if (instants.length > 0) return Math.min(...instants.map(({ instant }) => instant));
  // The time is in a gap.
  const gap = periods.find((period) => wall >= period.start + period.before && wall < period.start + period.offset);
  return wall - (gap?.before ?? offset);
}
