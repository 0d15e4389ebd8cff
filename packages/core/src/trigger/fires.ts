import type { CompiledTrigger } from './compiled-trigger.js';
import { nextInSteps } from './search.js';
import { finished, type Steps } from './steps.js';

/** Which fire times are asked for; instants are ms. */
export interface FireTimesQuery {
  /** The pending fire time. It counts as one even where the trigger does not name it. */
  readonly first: number;
  readonly until: number;
  /** How many fire times are wanted at most. */
  readonly limit: number;
  /** Asked between two steps of a search that takes long: true, and it is content with the newest few. */
  readonly isOverBudget?: (() => boolean) | undefined;
}

/** Fire times that a search finds however late it is: as many as a coalesced run needs. */
const LEAST = 3;

export interface NewestFireTimes {
  /** The newest fire times from `first` to `until`, both inclusive, ascending, at most `limit`. */
  readonly fireTimes: readonly number[];
  /** The newest fire time that is older than those, so that what was left out is `first` to `older`; null where nothing was. */
  readonly older: number | null;
}

/**
 * The newest fire times of a backlog. Looks back from `until`, in windows that double while they hold too few and halve
 * where they hold too many, so that the length of the backlog hardly matters.
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
    // One ms holds at most one fire time, so that the halving ends.
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

/** The fire times after `start` and up to `end`, or undefined if there are more than `most`, or it is late. */
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
