import type { Pending } from '../ports/job-records.js';
import type { CompiledTrigger } from './compiled-trigger.js';
import { newestInSteps } from './fires.js';
import { delayInSteps, nextInSteps, searchOf } from './search.js';
import { finished, type Steps } from './steps.js';

/** The due fires of a job. */
export interface DueFires {
  /** The newest due fires, oldest first. */
  readonly fires: readonly Pending[];
  /** The newest fire time before those of `fires`: the fires from the pending one to this one were left out. null means none was left out. */
  readonly older: number | null;
}

/**
 * Returns the fires from a pending one on that are due by `now` (ms), jitter included: at most `limit`, the newest ones. It works in steps.
 * @param isOverBudget see `FireTimesQuery`.
 */
export function* dueInSteps(
  trigger: CompiledTrigger,
  pending: Pending,
  now: number,
  limit: number,
  isOverBudget?: () => boolean,
): Steps<DueFires> {
  const query = { first: pending.fireTime, until: Math.max(now, pending.fireTime), limit: limit + 1, isOverBudget };
  const { fireTimes, older } = yield* newestInSteps(trigger, query);
  const due: Pending[] = [];
  for (const fireTime of fireTimes) {
    const fire = fireTime === pending.fireTime ? pending : yield* fireAtInSteps(trigger, fireTime);
    if (fire.dueAt <= now) due.push(fire);
  }
  const left = due.length > limit ? due[0] : undefined;
  return { fires: left ? due.slice(1) : due, older: left?.fireTime ?? older };
}

/** The most due fires that are found one after the other. */
const MOST_IN_TURN = 16;

/** The due fires of a job, and the fire after them: null if the trigger names no more. */
export interface DueAndNext {
  readonly due: DueFires;
  readonly next: Pending | null;
}

/**
 * Returns the same as `dueInSteps`, and the next fire, for a short backlog. It asks the trigger for one fire after the other, which makes fewer
 * objects than a search. null if the backlog is longer, if that is over the budget, or if an answer of the trigger may take several steps.
 */
export function* dueInTurn(
  trigger: CompiledTrigger,
  pending: Pending,
  now: number,
  limit: number,
  isOverBudget?: () => boolean,
): Steps<DueAndNext | null> {
  if (searchOf(trigger)) return null;
  const fires = [pending];
  let next = fireAfter(trigger, pending.fireTime);
  yield;
  while (next !== null && next.dueAt <= now) {
    if (fires.length === MOST_IN_TURN || isOverBudget?.()) return null;
    fires.push(next);
    next = fireAfter(trigger, next.fireTime);
    yield;
  }
  const older = fires.length > limit ? (fires[fires.length - limit - 1]?.fireTime ?? null) : null;
  return { due: { fires: older === null ? fires : fires.slice(-limit), older }, next };
}

/** The fire at a fire time that the trigger names. */
function* fireAtInSteps(trigger: CompiledTrigger, fireTime: number): Steps<Pending> {
  yield;
  return { fireTime, dueAt: fireTime + (yield* delayInSteps(trigger, fireTime)) };
}

/** The first fire strictly after `after` (ms), or null. */
export function fireAfter(trigger: CompiledTrigger, after: number): Pending | null {
  if (searchOf(trigger)) return finished(fireAfterInSteps(trigger, after));
  const fireTime = trigger.nextMs(after);
  return fireTime === null ? null : { fireTime, dueAt: fireTime + trigger.delayMs(fireTime) };
}

/** `fireAfter` in steps. */
export function* fireAfterInSteps(trigger: CompiledTrigger, after: number): Steps<Pending | null> {
  const fireTime = yield* nextInSteps(trigger, after);
  return fireTime === null ? null : yield* fireAtInSteps(trigger, fireTime);
}
