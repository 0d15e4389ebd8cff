import { InvalidTriggerError } from '../errors.js';
import type { Leaf } from './leaf.js';
import type { LeafTrigger, Trigger } from './trigger.js';
import type { Zone } from './zone.js';

const MAX_CONJUNCTIONS = 100;
const MAX_LEAVES = 500;
/** The changes of a zone up to 2099 take two to four milliseconds to read. */
const MAX_ZONES = 10;
const MAX_PROGRESSIONS = 10;

/**
 * A nest of `and` and `or` multiplied out: any of these lists, all of a list. What is common to a list of plain triggers
 * can be computed far faster than what is common to nests.
 * @throws InvalidTriggerError if there are too many.
 */
export function conjunctionsOf(trigger: Trigger, leaf: (trigger: LeafTrigger) => Leaf): readonly (readonly Leaf[])[] {
  switch (trigger.type) {
    case 'or':
      return limited(trigger.triggers.flatMap((part) => conjunctionsOf(part, leaf)));
    case 'and':
      return trigger.triggers
        .map((part) => conjunctionsOf(part, leaf))
        .reduce((all, part) => limited(all.flatMap((one) => part.map((other) => [...one, ...other]))));
    default:
      return [[leaf(trigger)]];
  }
}

function limited(conjunctions: readonly (readonly Leaf[])[]): readonly (readonly Leaf[])[] {
  if (conjunctions.length > MAX_CONJUNCTIONS) {
    throw tooMany(`multiplied out, the nest of triggers has more than ${MAX_CONJUNCTIONS} combinations`);
  }
  if (conjunctions.reduce((sum, { length }) => sum + length, 0) > MAX_LEAVES) {
    throw tooMany(`multiplied out, the combinations of the nest have more than ${MAX_LEAVES} triggers`);
  }
  return conjunctions;
}

/**
 * The zones of the triggers that are to agree with others.
 * @throws InvalidTriggerError if there are so many that a search for a common fire time would block its process.
 */
export function zonesOf(conjunctions: readonly (readonly Leaf[])[]): ReadonlySet<Zone> {
  const leaves = conjunctions.filter(({ length }) => length > 1).flat();
  const zones = new Set(leaves.flatMap(({ clock }) => clock?.zone ?? []));
  if (zones.size > MAX_ZONES)
    throw tooMany(`the triggers of an and have ${zones.size} different zones, more than ${MAX_ZONES}`);
  const progressions = new Set(leaves.flatMap(({ progression }) => progression ?? []));
  if (progressions.size > MAX_PROGRESSIONS) {
    throw tooMany(`the triggers of an and have ${progressions.size} intervals, more than ${MAX_PROGRESSIONS}`);
  }
  return zones;
}

function tooMany(what: string): InvalidTriggerError {
  return new InvalidTriggerError(`and/or: ${what}; make it smaller, or several jobs of it`);
}
