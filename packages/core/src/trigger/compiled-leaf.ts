import type { CompileOptions } from './compiled-trigger.js';
import type { Leaf } from './leaf.js';
import { kindOf, type LeafTrigger } from './trigger.js';

/** Leaves of triggers that depend only on a zone and on the scheduler's zone. Many jobs have the same trigger. */
const remembered = new WeakMap<LeafTrigger, { readonly timezone: string | undefined; readonly leaf: Leaf }>();

/** @param trigger its form was checked, so that it never changes @throws InvalidTriggerError */
export function compiledLeaf(trigger: LeafTrigger, options: CompileOptions): Leaf {
  const { timezone } = options;
  const known = remembered.get(trigger);
  if (known && known.timezone === timezone) return known.leaf;
  const kind = kindOf(trigger);
  const leaf = kind.compile(trigger, options);
  if (!kind.usesAnchor(trigger) && !kind.usesId(trigger)) remembered.set(trigger, { timezone, leaf });
  return leaf;
}
