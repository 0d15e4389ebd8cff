import { agreements } from './agreements.js';
import { HORIZON } from './horizon.js';
import type { Leaf } from './leaf.js';
import { mergeProgressions } from './residue-class.js';
import { finished, type Steps } from './steps.js';

/** Returns the first fire time (ms) strictly after `after`, or null. */
export type NextInSteps = (after: number) => Steps<number | null>;

/**
 * Returns a search for the first instant that all of these triggers name. They leapfrog: the search goes on at the latest of their next instants.
 * If they never agree, that would take as long as a walk over all of their fire times. So the search first checks each stretch of time in which no
 * offset changes: whether the times of day, and the days, can meet in it at all.
 */
export function nextCommon(leaves: readonly Leaf[]): NextInSteps {
  const only = leaves.find(({ at }) => at !== undefined)?.at;
  if (only !== undefined) {
    const common = only >= 0 && only <= HORIZON && finished(latestNext(leaves, only)) === only;
    return function* (after) {
      yield;
      return common && after < only ? only : null;
    };
  }
  const progressions = leaves.flatMap(({ progression }) => progression ?? []);
  const merged = mergeProgressions(progressions);
  if (merged === undefined) return never;
  const clocks = leaves.flatMap(({ clock }) => clock ?? []);
  const stretchAt = agreements(clocks, merged);
  const begin = Math.max(0, ...progressions.map(({ first }) => first), ...leaves.map(({ from }) => from));
  const end = Math.min(HORIZON, ...leaves.map(({ until }) => until));

  return rememberingLast(function* (after) {
    for (let time = Math.max(Math.floor(after) + 1, begin); time <= end; ) {
      const stretch = yield* stretchAt(time);
      const candidate = yield* stretch.candidate(time);
      yield;
      if (candidate >= stretch.end) {
        time = stretch.end;
        continue;
      }
      const next = yield* latestNext(leaves, candidate);
      if (next === null || next === candidate) return next;
      time = next;
    }
    return null;
  });
}

function* never(): Steps<null> {
  yield;
  return null;
}

/** The latest of the next instants that the triggers name at or after an instant. No common fire time is earlier. null if a trigger has ended. */
function* latestNext(leaves: readonly Leaf[], instant: number): Steps<number | null> {
  let latest = instant;
  for (const { nextMs } of leaves) {
    const next = nextMs(instant - 1);
    if (next === null || next > HORIZON) return null;
    if (next > latest) latest = next;
    yield;
  }
  return latest;
}

/** Remembers the last answer: a look back over a backlog asks many times before the next common fire time. */
export function rememberingLast(next: NextInSteps): NextInSteps {
  let from = Number.NaN;
  let answer: number | null = null;
  return function* (after) {
    if (Number.isNaN(after)) return null;
    if (after >= from && (answer === null || after < answer)) return answer;
    const found = yield* next(after);
    from = after;
    answer = found;
    return found;
  };
}
