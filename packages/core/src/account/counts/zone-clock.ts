import { zoneOf } from '../../trigger/zone.js';

/** A change of the clock of a job's zone. */
export interface ZoneClockChange {
  readonly at: Date;
  readonly timezone: string;
  /** The offset of the clock from UTC before the change, and after it, ms. */
  readonly offsetBeforeMs: number;
  readonly offsetAfterMs: number;
}

/** Returns the changes of the clock of a zone from one instant to another, exclusive; ms. */
export function clockChangesIn(timezone: string, from: number, to: number): readonly ZoneClockChange[] {
  const zone = zoneOf(timezone, 'countFires');
  const changes: ZoneClockChange[] = [];
  for (let at = from; at < to; ) {
    const { start, end, before, offset } = zone.periodAt(at);
    // A period may be cut anywhere. One that began before `at` had its change before `at`.
    if (before !== offset && start >= at)
      changes.push({ at: new Date(start), timezone, offsetBeforeMs: before, offsetAfterMs: offset });
    at = end;
  }
  return changes;
}
