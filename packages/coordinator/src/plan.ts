import type { CompiledTrigger } from '@carillon/core';
import { dueFires, fireAfter, type Pending, type ReadBy } from '@carillon/core/internal';

/** The most fire times of a backlog that run. Older ones are missed, as are those that the search does not reach within its budget. */
export const MAX_CATCH_UP = 1_000;

/** What decides about a job's backlog. */
export type Policy = ReadBy<'planner'>;

/** Fire times from the first to the last, ms. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** What happens to a job that is due. */
export interface Plan {
  /** What runs, oldest first; empty: everything was missed. */
  readonly fires: readonly Pending[];
  /** Older fire times that the run replaces. */
  readonly coalesced: Range | null;
  readonly missed: Range | null;
  /** null: the trigger names no more fire times. */
  readonly next: Pending | null;
}

/**
 * Decides about a job from its pending fire and the present (ms). Lateness is counted from the instant a fire was due,
 * jitter included. It costs about the same however long the job was not looked at.
 * @param isOverBudget asked while the backlog is searched: once it returns true, the search stops, and the older fire times are missed.
 */
export function plan(
  trigger: CompiledTrigger,
  policy: Policy,
  pending: Pending,
  now: number,
  isOverBudget?: () => boolean,
): Plan {
  const isWithinGrace = ({ dueAt }: Pending) => policy.misfireGraceMs === null || now - dueAt <= policy.misfireGraceMs;
  const { fires, older } = dueFires(trigger, pending, now, policy.coalesce ? 1 : MAX_CATCH_UP, isOverBudget);
  const newest = fires.at(-1);
  if (!newest) return { fires: [], coalesced: null, missed: null, next: pending };
  const next = fireAfter(trigger, newest.fireTime);
  const upTo = (last: number | null): Range | null => (last === null ? null : { first: pending.fireTime, last });

  if (policy.coalesce) {
    return isWithinGrace(newest)
      ? { fires, coalesced: upTo(older), missed: null, next }
      : { fires: [], coalesced: null, missed: upTo(newest.fireTime), next };
  }
  const late = fires.filter((fire) => !isWithinGrace(fire));
  return {
    fires: fires.slice(late.length),
    coalesced: null,
    missed: upTo(late.at(-1)?.fireTime ?? older),
    next,
  };
}
