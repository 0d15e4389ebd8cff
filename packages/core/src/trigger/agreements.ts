import type { Clock } from './clock.js';
import { firstOfClass } from './common-times.js';
import { HORIZON } from './horizon.js';
import { MeetingSearch, NEVER_AGAIN, type Stretch } from './meeting-search.js';
import { type ClockGroup, type MeetingTime, minutesOf } from './meetings.js';
import { gcd, type ResidueClass } from './residue-class.js';
import type { Steps } from './steps.js';
import type { Zone } from './zone.js';

/**
 * Returns a search for a time on which the clocks and the progression agree. The search returns the stretch that holds an instant from 1970 to
 * 2099.
 */
export function agreements(clocks: readonly Clock[], progression: ResidueClass): (instant: number) => Steps<Stretch> {
  if (clocks.length === 0) {
    return always({ end: HORIZON + 1, candidate: nextOfClass(progression) });
  }
  const groups = groupsOf(clocks);
  if (!hasWholeSeconds(progression) || groups.some((group) => neverAgrees(group))) return always(NEVER_AGAIN);
  const search = new MeetingSearch(groups, progression);
  let from = Number.NaN;
  let latest = NEVER_AGAIN;
  return function* (instant) {
    if (instant >= from && instant < latest.end) return latest;
    const found = yield* search.stretchAt(instant);
    from = instant;
    latest = found;
    return found;
  };
}

function nextOfClass(progression: ResidueClass): MeetingTime {
  return function* (from) {
    yield;
    return firstOfClass(progression, from);
  };
}

function always(stretch: Stretch) {
  return function* (): Steps<Stretch> {
    yield;
    return stretch;
  };
}

/** Whether an instant of the progression is a whole second. Clocks name only whole seconds. */
function hasWholeSeconds({ rest, step }: ResidueClass): boolean {
  return rest % Number(gcd(BigInt(step), 1_000n)) === 0;
}

/** Whether no gap shifts a time and the clocks have no minute in common. The changes of the zone need not be read then. */
function neverAgrees(group: ClockGroup): boolean {
  return !group.shifts && minutesOf(group, [0]).isEmpty;
}

/** Groups the clocks by zone, the zone with the fewest minutes first: zones after a disagreement need not be read. */
function groupsOf(clocks: readonly Clock[]): readonly ClockGroup[] {
  const groups = new Map<Zone, { shift: Clock[]; skip: Clock[] }>();
  for (const clock of clocks) {
    const group = groups.get(clock.zone) ?? { shift: [], skip: [] };
    group[clock.rule.gap].push(clock);
    groups.set(clock.zone, group);
  }
  const all = [...groups].map(([zone, { shift, skip }]) => [
    ...(skip.length > 0 ? [{ zone, clocks: skip, shifts: false }] : []),
    ...(shift.length > 0 ? [{ zone, clocks: shift, shifts: true }] : []),
  ]);
  if (all.length === 1) return all.flat();
  const leastOf = (own: readonly ClockGroup[]) =>
    Math.min(...own.flatMap((group) => group.clocks.map(({ timeOfDay }) => timeOfDay.minutes.size)));
  return all
    .map((own) => ({ own, least: leastOf(own) }))
    .sort((one, other) => one.least - other.least)
    .flatMap(({ own }) => own);
}
