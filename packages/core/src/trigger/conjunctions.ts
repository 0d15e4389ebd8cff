import { InvalidTriggerError } from '../errors.js';
import type { Clock } from './clock.js';
import type { Leaf } from './leaf.js';
import { kindOf, type LeafTrigger, ownTimezone, type Trigger } from './trigger.js';
import { everyDay } from './wall-clock.js';

const MAX_CONJUNCTIONS = 100;
const MAX_LEAVES = 500;
/** The limit keeps each search under 100 ms of processor time in a new process, whichever instant it starts from. */
const MAX_SEARCH_COST = 11;
/** The clocks of these zones follow Ramadan. No year repeats another, so that such a zone takes five times as long to read. */
const LUNAR_ZONES: ReadonlySet<string> = new Set(['africa/casablanca', 'africa/el_aaiun', 'asia/gaza', 'asia/hebron']);
const LUNAR_COST = 5;
/** If each zone names one time of each day, either all agree, or two of them are enough to show that they do not. */
const MAX_ZONES_OF_DAILY = 50;
const MAX_PROGRESSIONS = 10;

/**
 * Multiplies a nest of `and` and `or` out. It fires when all triggers of at least one of the lists fire. The common fire times of a list of plain
 * triggers can be computed far faster than those of a nest.
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

/** Puts triggers with a single instant first. Then nothing is searched: the first trigger of a combination names the only instant. */
function instantsFirst(leaves: readonly LeafTrigger[]): readonly LeafTrigger[] {
  const isInstant = ({ type }: LeafTrigger) => type === 'date';
  return leaves.some(isInstant) ? [...leaves.filter(isInstant), ...leaves.filter((leaf) => !isInstant(leaf))] : leaves;
}

/**
 * Checks how long the search for common fire times may take. The caller may pass only the triggers compiled so far: the cost only grows with the
 * rest. Reading the changes of each zone counts, and so does the search of each combination.
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

/** The cost of one search, as measured: each further zone splits the time of all others, and an interval triples the work. */
function searchCost(leaves: readonly Leaf[]): number {
  const clocks = leaves.some(({ clock }) => clock !== undefined);
  const hasInterval = clocks && leaves.some(({ progression }) => progression !== undefined);
  const zones = changingZones(leaves).length;
  if (zones === 0) return hasInterval ? 1 : 0;
  return ((zones * (zones + 1)) / 2) * (hasInterval ? 3 : 1);
}

/** The zones whose changes have to be read; names in lower case. */
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

/** The zone of a clock, as it is written but in lower case; the scheduler's is ''. */
function zoneOf(trigger: LeafTrigger): readonly string[] {
  return kindOf(trigger).basis === 'clock' ? [ownTimezone(trigger)?.toLowerCase() ?? ''] : [];
}

function tooMany(what: string): InvalidTriggerError {
  return new InvalidTriggerError(`and/or: ${what}; make it smaller, or several jobs of it`);
}
