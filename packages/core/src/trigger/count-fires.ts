import { compiledLeaf } from './compiled-leaf.js';
import type { CompileOptions } from './compiled-trigger.js';
import { countOfClock } from './count-clock.js';
import type { Leaf } from './leaf.js';
import type { Progression } from './progression.js';
import type { Trigger } from './trigger.js';

/** Returns how many fire times a trigger names from one instant to another, exclusive; whole ms. It looks at days, never at single fires. */
export type CountFires = (from: number, to: number) => number;

/**
 * Returns a function that counts fire times without a look at each. null for `and` and `or`, whose fire times depend on several triggers.
 * @throws InvalidTriggerError
 */
export function countFiresOf(trigger: Trigger, options: CompileOptions): CountFires | null {
  if (trigger.type === 'and' || trigger.type === 'or') return null;
  const leaf = compiledLeaf(trigger, options);
  const count = countOfLeaf(leaf);
  return (from, to) => {
    const [begin, end] = [Math.max(from, leaf.from), Math.min(to, leaf.until + 1)];
    return begin < end ? count(begin, end) : 0;
  };
}

function countOfLeaf({ at, progression, clock }: Leaf): CountFires {
  if (clock) return countOfClock(clock);
  if (progression) return countOfProgression(progression);
  return (from, to) => (from <= at && at < to ? 1 : 0);
}

function countOfProgression({ anchor, step, first }: Progression): CountFires {
  return (from, to) => {
    const before = Math.ceil((Math.max(from, first) - anchor) / step);
    return Math.max(0, Math.ceil((to - anchor) / step) - before);
  };
}
