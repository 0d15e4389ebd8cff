import type { CompiledTrigger } from '@carillon/core';
import {
  type DueAndNext,
  dueInSteps,
  dueInTurn,
  fireAfterInSteps,
  MAX_CATCH_UP,
  missedInBacklog,
  type Pending,
  type ReadBy,
  type Steps,
} from '@carillon/core/internal';

/** What decides about a job's backlog. */
export type Policy = ReadBy<'planner'>;

/** Fire times from the first to the last, ms. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** What happens to a job that is due. */
export interface Plan {
  /** What runs, oldest first; empty: everything was missed, or nothing is due yet. */
  readonly fires: readonly Pending[];
  /** Older fire times that the run replaces. */
  readonly coalesced: Range | null;
  readonly missed: Range | null;
  /** null if the trigger names no more fire times. */
  readonly next: Pending | null;
}

/**
 * Decides about a job from its pending fire and the present (ms), in steps. Which fires are missed is decided in core/src/job/missed.ts. It
 * costs about the same however long the job was not looked at.
 * @param isOverBudget asked while the backlog is searched: once it returns true, the search stops, and the older fire times are missed.
 */
export function* planInSteps(
  trigger: CompiledTrigger,
  policy: Policy,
  pending: Pending,
  now: number,
  isOverBudget?: () => boolean,
): Steps<Plan> {
  if (pending.dueAt > now) return { fires: [], coalesced: null, missed: null, next: pending };
  const limit = policy.coalesce ? 1 : MAX_CATCH_UP;
  const { due, next } =
    (yield* dueInTurn(trigger, pending, now, limit, isOverBudget)) ??
    (yield* searchBacklog(trigger, pending, now, limit, isOverBudget));
  const missed = missedInBacklog(due, policy, now);
  const fires = missed.inTime;
  return {
    fires,
    coalesced: policy.coalesce && fires.length > 0 ? rangeOf(pending, due.older) : null,
    missed: rangeOf(pending, missed.upTo),
    next,
  };
}

/** Searches the backlog. Where no other fire is due, the trigger is asked once. */
function* searchBacklog(
  trigger: CompiledTrigger,
  pending: Pending,
  now: number,
  limit: number,
  isOverBudget?: () => boolean,
): Steps<DueAndNext> {
  const following = yield* fireAfterInSteps(trigger, pending.fireTime);
  if (following === null || following.dueAt > now) return { due: { fires: [pending], older: null }, next: following };
  const due = yield* dueInSteps(trigger, pending, now, limit, isOverBudget);
  return { due, next: yield* fireAfterInSteps(trigger, due.fires.at(-1)?.fireTime ?? pending.fireTime) };
}

function rangeOf({ fireTime: first }: Pending, last: number | null): Range | null {
  return last === null ? null : { first, last };
}
