import type { CompiledTrigger } from './compiled-trigger.js';
import { nextInSteps } from './search.js';
import { finished, type Steps } from './steps.js';

/** Which fire times to find; instants are ms. */
export interface FireTimesQuery {
  /** The pending fire time. It counts as a fire time even if the trigger does not name it. */
  readonly first: number;
  readonly until: number;
  /** The most fire times to find. */
  readonly limit: number;
  /** The search asks this between two of its steps. If it returns true, the search stops at the newest few fire times. */
  readonly isOverBudget?: (() => boolean) | undefined;
}

/** How many fire times a search finds even if it is over its budget: as many as a coalesced run needs. */
const LEAST = 3;

export interface NewestFireTimes {
  /** The newest fire times from `first` to `until`, both inclusive, ascending, at most `limit`. */
  readonly fireTimes: readonly number[];
  /** The newest fire time before those of `fireTimes`: the ones from `first` to `older` were left out. null where none was left out. */
  readonly older: number | null;
}

/**
 * Returns the newest fire times of a backlog. It looks back from `until` in windows. A window doubles after one with too few fire times, and halves
 * after one with too many, so that the length of the backlog hardly matters.
 */
export function newestFireTimes(trigger: CompiledTrigger, query: FireTimesQuery): NewestFireTimes {
  return finished(newestInSteps(trigger, query));
}

/** `newestFireTimes` in steps. */
export function* newestInSteps(trigger: CompiledTrigger, query: FireTimesQuery): Steps<NewestFireTimes> {
  const { first, until, limit, isOverBudget = never } = query;
  let wanted = limit + 1;
  const windows: number[][] = [];
  let found = 0;
  let end = until;
  let width = 1_000;
  while (found < wanted && end > first) {
    if (wanted > LEAST && isOverBudget()) wanted = Math.min(wanted, Math.max(LEAST, found));
    if (found >= wanted) break;
    yield;
    const start = Math.max(first, end - width);
    const most = 2 * (wanted - found) + 16;
    const window = yield* between(trigger, { start, end, most }, wanted > LEAST ? isOverBudget : never);
    // One ms holds at most one fire time, so the halving ends.
    if (window === undefined) {
      width = Math.ceil((end - start) / 2);
      continue;
    }
    windows.push(window);
    found += window.length;
    end = start;
    width *= 2;
  }
  if (found < wanted && first <= until) windows.push([first]);
  const newest = windows.reverse().flat().slice(-wanted);
  const complete = newest.length < wanted;
  return { fireTimes: complete ? newest : newest.slice(1), older: complete ? null : (newest[0] ?? null) };
}

const never = () => false;

interface SearchedWindow {
  readonly start: number;
  readonly end: number;
  readonly most: number;
}

/** The fire times after `start` and up to `end`; undefined if there are more than `most`, or if the search is over its budget. */
function* between(
  trigger: CompiledTrigger,
  { start, end, most }: SearchedWindow,
  isOverBudget: () => boolean,
): Steps<number[] | undefined> {
  const fireTimes: number[] = [];
  let fireTime = yield* nextInSteps(trigger, start);
  while (fireTime !== null && fireTime <= end) {
    if (fireTimes.length === most || isOverBudget()) return undefined;
    fireTimes.push(fireTime);
    yield;
    fireTime = yield* nextInSteps(trigger, fireTime);
  }
  return fireTimes;
}
