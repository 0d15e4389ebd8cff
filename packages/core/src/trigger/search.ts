import type { Steps } from './steps.js';

/** When a trigger fires, and by how much its fires are delayed; ms. */
export interface FireTimes {
  readonly nextMs: (after: number) => number | null;
  readonly delayMs: (fireTime: number) => number;
}

/** What `nextMs` and `delayMs` of a compiled trigger return, in steps: those of `and` and `or` may take long. */
export interface Search {
  readonly next: (after: number) => Steps<number | null>;
  readonly delay: (fireTime: number) => Steps<number>;
}

const searches = new WeakMap<FireTimes, Search>();

export function withSearch<T extends FireTimes>(trigger: T, search: Search | undefined): T {
  if (search) searches.set(trigger, search);
  return trigger;
}

/** undefined if each answer of the trigger is one step. */
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
