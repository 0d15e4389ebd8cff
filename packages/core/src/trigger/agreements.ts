import type { Clock } from './clock.js';
import { firstOfClass } from './common-times.js';
import { HORIZON } from './horizon.js';
import { MeetingSearch, NEVER_AGAIN, type Stretch } from './meeting-search.js';
import { type ClockGroup, type MeetingTime, minutesOf } from './meetings.js';
import { gcd, type ResidueClass } from './residue-class.js';
import type { Steps } from './steps.js';
import type { Zone } from './zone.js';

/** The stretch that holds an instant of 1970 to 2099, for clocks and a progression that are to agree. */
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

/** Clocks name whole seconds. */
function hasWholeSeconds({ rest, step }: ResidueClass): boolean {
  return rest % Number(gcd(BigInt(step), 1_000n)) === 0;
}

/** Nothing is ever shifted on its clocks, and what they show differs: there is no need to look at the zone's changes. */
function neverAgrees(group: ClockGroup): boolean {
  return !group.shifts && minutesOf(group, [0]).isEmpty;
}

/** By zones, those that name the fewest minutes first: zones that come after a disagreement need not be read. */
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
