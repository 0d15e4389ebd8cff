import { agreements } from './agreements.js';
import { HORIZON } from './horizon.js';
import type { Leaf } from './leaf.js';
import { mergeProgressions } from './residue-class.js';
import { finished, type Steps } from './steps.js';

/** The first fire time (ms) strictly after `after`, or null. */
export type NextInSteps = (after: number) => Steps<number | null>;

/**
 * The first instant that all of these triggers name. They leapfrog: the trigger that names the latest next instant says where to
 * look next. Where they never agree that would take as long as walking them all; so each stretch of time in which no
 * offset changes is first asked whether their times of day, and their days, can meet in it at all.
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

/** The latest of what each trigger names at or after an instant: none of them all is earlier. null if one has ended. */
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

/** Looking back over a backlog asks again and again from within one long silence. */
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
