import { InvalidTriggerError } from '../errors.js';
import type { Clock } from './clock.js';
import type { Leaf } from './leaf.js';
import { kindOf, type LeafTrigger, ownTimezone, type Trigger } from './trigger.js';
import { everyDay } from './wall-clock.js';

const MAX_CONJUNCTIONS = 100;
const MAX_LEAVES = 500;
/** So that no search takes more than 100 ms of processor time in a new process, whichever instant it is asked from. */
const MAX_SEARCH_COST = 11;
/** Their clocks go by Ramadan: no year repeats another, and so a zone takes five times as long to read. */
const LUNAR_ZONES: ReadonlySet<string> = new Set(['africa/casablanca', 'africa/el_aaiun', 'asia/gaza', 'asia/hebron']);
const LUNAR_COST = 5;
/** Where one time of each day is named in each zone, they agree, or two of them show that they do not. */
const MAX_ZONES_OF_DAILY = 50;
const MAX_PROGRESSIONS = 10;

/**
 * A nest of `and` and `or` multiplied out: any of these lists, all of a list. What is common to a list of plain triggers can be computed
 * far faster than what is common to nests.
 * @throws InvalidTriggerError if there are too many: a search for a common fire time would block its process.
 */
export function conjunctionsOf(trigger: Trigger): readonly (readonly LeafTrigger[])[] {
  const conjunctions = multipliedOut(trigger);
  const leaves = new Set(conjunctions.filter(({ length }) => length > 1).flat());
  const zones = new Set([...leaves].flatMap(zoneOf));
  if (zones.size > MAX_ZONES_OF_DAILY)
    throw tooMany(`the triggers of an and have ${zones.size} different zones, more than ${MAX_ZONES_OF_DAILY}`);
  const progressions = [...leaves].filter((leaf) => kindOf(leaf).basis === 'progression').length;
  if (progressions > MAX_PROGRESSIONS)
    throw tooMany(`the triggers of an and have ${progressions} intervals, more than ${MAX_PROGRESSIONS}`);
  return conjunctions.map(instantsFirst);
}

/** Where one instant is all that may be named, nothing is searched: each combination shows that with its first trigger. */
function instantsFirst(leaves: readonly LeafTrigger[]): readonly LeafTrigger[] {
  const isInstant = ({ type }: LeafTrigger) => type === 'date';
  return leaves.some(isInstant) ? [...leaves.filter(isInstant), ...leaves.filter((leaf) => !isInstant(leaf))] : leaves;
}

/**
 * For triggers that are to agree. It counts the same where some of the triggers are yet to be compiled: these only add to it. The changes of each zone are read, and each combination is searched by itself.
 * @throws InvalidTriggerError where the search may take too long.
 */
export function checkSearchCost(conjunctions: readonly (readonly Leaf[])[]): void {
  const joined = conjunctions.filter((leaves) => leaves.length > 1 && leaves.every(({ at }) => at === undefined));
  const isDaily = joined.length === 1 && joined.flat().every(({ clock }) => clock !== undefined && namesOneTime(clock));
  if (isDaily) return;
  const reading = changingZones(joined.flat()).map((name) => (LUNAR_ZONES.has(name) ? LUNAR_COST : 1));
  const searching = joined.map(searchCost);
  const cost = [...reading, ...searching].reduce((sum, one) => sum + one, 0);
  if (cost <= MAX_SEARCH_COST) return;
  throw tooMany(
    `the search for a common fire time costs ${cost} or more by its zones, intervals and combinations, more than ${MAX_SEARCH_COST}`,
  );
}

/** By what was measured: each further zone splits the time of all others, and an interval triples the work. */
function searchCost(leaves: readonly Leaf[]): number {
  const clocks = leaves.some(({ clock }) => clock !== undefined);
  const hasInterval = clocks && leaves.some(({ progression }) => progression !== undefined);
  const zones = changingZones(leaves).length;
  if (zones === 0) return hasInterval ? 1 : 0;
  return ((zones * (zones + 1)) / 2) * (hasInterval ? 3 : 1);
}

/** The zones whose changes are read, by names in lower case. */
function changingZones(leaves: readonly Leaf[]): readonly string[] {
  const names = leaves.flatMap(({ clock }) => clock?.zone.name.toLowerCase() ?? []);
  return [...new Set(names)].filter((name) => name !== 'utc');
}

function namesOneTime({ days, timeOfDay }: Clock): boolean {
  return days === everyDay && timeOfDay.minutes.size === 1;
}

function multipliedOut(trigger: Trigger): readonly (readonly LeafTrigger[])[] {
  switch (trigger.type) {
    case 'or':
      return limited(trigger.triggers.flatMap(multipliedOut));
    case 'and':
      return trigger.triggers
        .map(multipliedOut)
        .reduce((all, part) => limited(all.flatMap((one) => part.map((other) => [...one, ...other]))));
    default:
      return [[trigger]];
  }
}

function limited(conjunctions: readonly (readonly LeafTrigger[])[]): readonly (readonly LeafTrigger[])[] {
  if (conjunctions.length > MAX_CONJUNCTIONS) {
    throw tooMany(`multiplied out, the nest of triggers has more than ${MAX_CONJUNCTIONS} combinations`);
  }
  if (conjunctions.reduce((sum, { length }) => sum + length, 0) > MAX_LEAVES) {
    throw tooMany(`multiplied out, the combinations of the nest have more than ${MAX_LEAVES} triggers`);
  }
  return conjunctions;
}

/** The zone of a clock as it is written; the scheduler's is ''. */
function zoneOf(trigger: LeafTrigger): readonly string[] {
  return kindOf(trigger).basis === 'clock' ? [ownTimezone(trigger)?.toLowerCase() ?? ''] : [];
}

function tooMany(what: string): InvalidTriggerError {
  return new InvalidTriggerError(`and/or: ${what}; make it smaller, or several jobs of it`);
}
