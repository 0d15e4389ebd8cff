import type { Steps } from './steps.js';

/** The times at which a trigger fires, and the delays of its fires; ms. */
export interface FireTimes {
  readonly nextMs: (after: number) => number | null;
  readonly delayMs: (fireTime: number) => number;
}

/** `nextMs` and `delayMs` of a compiled trigger, in steps. For `and` and `or`, they may take long. */
export interface Search {
  readonly next: (after: number) => Steps<number | null>;
  readonly delay: (fireTime: number) => Steps<number>;
}

const searches = new WeakMap<FireTimes, Search>();

export function withSearch<T extends FireTimes>(trigger: T, search: Search | undefined): T {
  if (search) searches.set(trigger, search);
  return trigger;
}

/** The search of a trigger; undefined if each of its answers takes one step. */
export function searchOf(trigger: FireTimes): Search | undefined {
  return searches.get(trigger);
}

/** `nextMs` in steps. */
export function* nextInSteps(trigger: FireTimes, after: number): Steps<number | null> {
  const search = searches.get(trigger);
  return search ? yield* search.next(after) : trigger.nextMs(after);
}

/** `delayMs` in steps. */
export function* delayInSteps(trigger: FireTimes, fireTime: number): Steps<number> {
  const search = searches.get(trigger);
  return search ? yield* search.delay(fireTime) : trigger.delayMs(fireTime);
}
