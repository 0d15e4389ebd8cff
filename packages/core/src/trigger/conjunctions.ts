import { InvalidTriggerError } from '../errors.js';
import type { Clock } from './clock.js';
import type { Leaf } from './leaf.js';
import type { LeafTrigger, Trigger } from './trigger.js';
import { everyDay } from './wall-clock.js';

const MAX_CONJUNCTIONS = 100;
const MAX_LEAVES = 500;
/** The changes of a zone up to 2099 take two to four milliseconds to read. */
const MAX_ZONES = 10;
/** Where one time of each day is named in each zone, they agree, or two of them show that they do not. */
const MAX_ZONES_OF_DAILY = 50;
const MAX_PROGRESSIONS = 10;

/**
 * A nest of `and` and `or` multiplied out: any of these lists, all of a list. What is common to a list of plain triggers
 * can be computed far faster than what is common to nests.
 * @throws InvalidTriggerError if there are so many that a search for a common fire time would block its process.
 */
export function conjunctionsOf(trigger: Trigger): readonly (readonly LeafTrigger[])[] {
  const conjunctions = multipliedOut(trigger);
  const leaves = new Set(conjunctions.filter(({ length }) => length > 1).flat());
  const zones = new Set([...leaves].flatMap(zoneOf));
  if (zones.size > MAX_ZONES_OF_DAILY) throw tooManyZones(zones.size, MAX_ZONES_OF_DAILY);
  const progressions = [...leaves].filter(({ type }) => type === 'interval').length;
  if (progressions > MAX_PROGRESSIONS)
    throw tooMany(`the triggers of an and have ${progressions} intervals, more than ${MAX_PROGRESSIONS}`);
  return conjunctions;
}

/**
 * For triggers of many zones that are to agree.
 * @throws InvalidTriggerError where all these zones may have to be read.
 */
export function checkZones(conjunctions: readonly (readonly Leaf[])[]): void {
  const joined = conjunctions.filter(({ length }) => length > 1);
  const zones = new Set(joined.flat().flatMap(({ clock }) => clock?.zone ?? []));
  const isDaily = joined.length === 1 && joined.flat().every(({ clock }) => clock !== undefined && namesOneTime(clock));
  if (zones.size > MAX_ZONES && !isDaily) throw tooManyZones(zones.size, MAX_ZONES);
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
  return trigger.type === 'cron' || trigger.type === 'calendarInterval' ? [trigger.timezone?.toLowerCase() ?? ''] : [];
}

function tooManyZones(zones: number, most: number): InvalidTriggerError {
  return tooMany(
    `the triggers of an and have ${zones} different zones, more than ${most}${most === MAX_ZONES ? `, and not each of them is a cron of one time of each day` : ''}`,
  );
}

function tooMany(what: string): InvalidTriggerError {
  return new InvalidTriggerError(`and/or: ${what}; make it smaller, or several jobs of it`);
}
