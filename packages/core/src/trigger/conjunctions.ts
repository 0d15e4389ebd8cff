import { InvalidTriggerError } from '../errors.js';
import type { LeafTrigger, Trigger } from './trigger.js';

const MAX_CONJUNCTIONS = 100;

/**
 * A nest of `and` and `or` multiplied out: any of these lists, all of a list. What is common to a list of plain triggers
 * can be computed far faster than what is common to nests.
 * @throws InvalidTriggerError if there are too many.
 */
export function conjunctionsOf<T>(trigger: Trigger, leaf: (trigger: LeafTrigger) => T): readonly (readonly T[])[] {
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

function limited<T>(conjunctions: readonly T[]): readonly T[] {
  if (conjunctions.length <= MAX_CONJUNCTIONS) return conjunctions;
  throw new InvalidTriggerError(
    `and/or: multiplied out, the nest of triggers has more than ${MAX_CONJUNCTIONS} combinations; make it smaller, or several jobs of it`,
  );
}
