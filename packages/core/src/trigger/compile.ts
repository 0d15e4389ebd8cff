import { checkTriggerOptions } from './arguments.js';
import { compiledLeaf } from './compiled-leaf.js';
import {
  type CompiledTrigger,
  type CompileOptions,
  compiledTrigger,
  delayWithin,
  noDelay,
  searchedTimes,
} from './compiled-trigger.js';
import { checkSearchCost, conjunctionsOf } from './conjunctions.js';
import { usesId } from './digest.js';
import { checkForm } from './form.js';
import type { Leaf } from './leaf.js';
import { type NextInSteps, nextCommon, rememberingLast } from './next-common.js';
import type { FireTimes } from './search.js';
import { finished, type Steps } from './steps.js';
import {
  type AndTrigger,
  isComposite,
  type LeafTrigger,
  type OrTrigger,
  type Trigger,
  triggerSchema,
} from './trigger.js';
import type { Zone } from './zone.js';

/**
 * Checks a trigger, which may be any value, and compiles it to an object with `next`.
 * @throws InvalidTriggerError that names the field, the value and what is allowed; InvalidOptionsError that names the option.
 */
export function compileTrigger(trigger: Trigger, options: CompileOptions = {}): CompiledTrigger {
  checkTriggerOptions(options, 'compileTrigger');
  return compiledTrigger(finished(fireTimesInSteps(trigger, options)));
}

/**
 * Compiles a trigger to its fire times, in steps. A leader keeps the result for each of its jobs, so the result is small. @throws as compileTrigger
 * does
 */
export function* fireTimesInSteps(trigger: Trigger, options: CompileOptions): Steps<FireTimes> {
  const checked = checkForm(triggerSchema, trigger);
  return isComposite(checked) ? yield* timesOfComposite(checked, options) : fireTimesOfOne(checked, options);
}

/** Does the same as `fireTimesInSteps`, at once, for a trigger of one part. @throws as compileTrigger does */
export function fireTimesOfOne(trigger: LeafTrigger, options: CompileOptions): FireTimes {
  return timesOfLeaf(compiledLeaf(checkForm(triggerSchema, trigger) as LeafTrigger, options), options);
}

function timesOfLeaf(leaf: Leaf, { jobId }: CompileOptions): FireTimes {
  const { nextMs } = leaf;
  return { nextMs, delayMs: leaf.jitterMs === 0 ? noDelay : delayWithin(nextMs, (at) => roomOf([leaf], at), jobId) };
}

/** Compiles each trigger in a step of its own: a nest may have hundreds of triggers in dozens of zones. */
function* timesOfComposite(checked: AndTrigger | OrTrigger, options: CompileOptions): Steps<FireTimes> {
  yield;
  const compiled = new Map<LeafTrigger, Leaf>();
  const zones = new Set<Zone>();
  // The sizes are checked first, before any step that takes time.
  const conjunctions: Leaf[][] = [];
  for (const triggers of conjunctionsOf(checked)) {
    const leaves: Leaf[] = [];
    conjunctions.push(leaves);
    for (const trigger of triggers) {
      addLeaf(leaves, trigger);
      yield;
    }
  }
  checkSearchCost(conjunctions);
  const jitterMs = (fireTime: number) => Math.max(0, ...conjunctions.map((leaves) => jitterOf(leaves, fireTime)));
  const isDelayed = conjunctions.some((leaves) => leaves.some((leaf) => leaf.jitterMs > 0));
  const next = rememberingLast(earliest(conjunctions.map(nextOfAll)));
  return searchedTimes(next, isDelayed ? jitterMs : undefined, options.jobId);

  function addLeaf(leaves: Leaf[], trigger: LeafTrigger): void {
    leaves.push(leafOf(trigger));
    const { clock } = leaves.at(-1) ?? {};
    if (clock === undefined || zones.has(clock.zone)) return;
    zones.add(clock.zone);
    // Reading a zone takes a millisecond in a new process. This check refuses a trigger before many zones are read.
    checkSearchCost(conjunctions);
  }

  function leafOf(leaf: LeafTrigger): Leaf {
    const made = compiled.get(leaf) ?? compiledLeaf(leaf, options);
    compiled.set(leaf, made);
    return made;
  }
}

/** Triggers that were compiled without an error, each with the scheduler's zone at that time. Many jobs share a trigger. */
const compiledBefore = new WeakMap<Trigger, { readonly timezone: string | undefined }>();

/** Checks a trigger as `compileTrigger` does. A trigger that many jobs share is checked once. @throws as compileTrigger does */
export function checkTrigger(trigger: Trigger, options: CompileOptions): void {
  const known = compiledBefore.get(trigger);
  if (known && known.timezone === options.timezone) return;
  compileTrigger(trigger, options);
  const checked = checkForm(triggerSchema, trigger);
  // A trigger that is not itself the frozen, checked object can still change, so it is checked again.
  if (checked === trigger && !usesId(checked)) compiledBefore.set(checked, { timezone: options.timezone });
}

function nextOfAll(leaves: readonly Leaf[]): NextInSteps {
  const [only, ...others] = leaves;
  if (!only || others.length > 0) return nextCommon(leaves);
  return function* (after) {
    yield;
    return only.nextMs(after);
  };
}

function earliest(nexts: readonly NextInSteps[]): NextInSteps {
  return function* (after) {
    let first: number | null = null;
    for (const next of nexts) {
      const fireTime = yield* next(after);
      if (fireTime !== null && (first === null || fireTime < first)) first = fireTime;
    }
    return first;
  };
}

/** The largest jitter of triggers that name a fire time together, cut at the first of their ends; 0 where not all of them name it. */
function jitterOf(leaves: readonly Leaf[], fireTime: number): number {
  const room = roomOf(leaves, fireTime);
  if (room === 0) return 0;
  return leaves.every(({ nextMs }) => nextMs(fireTime - 1) === fireTime) ? room : 0;
}

/** A limit (ms) for the delay of a fire time: the delay is less than this. */
function roomOf(leaves: readonly Leaf[], fireTime: number): number {
  const longest = Math.max(...leaves.map(({ jitterMs }) => jitterMs));
  const untilEnd = Math.min(...leaves.map(({ until }) => until)) - fireTime + 1;
  return Math.max(0, Math.min(longest, untilEnd));
}
