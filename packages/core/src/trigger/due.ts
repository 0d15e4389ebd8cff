import type { Pending } from '../ports/job-records.js';
import type { CompiledTrigger } from './compiled-trigger.js';
import { newestFireTimes } from './fires.js';

/** What has come due of a job. */
export interface DueFires {
  /** The newest ones, oldest first. */
  readonly fires: readonly Pending[];
  /** The newest of the older ones that `fires` leaves out, of which the first is the pending fire; null: none. */
  readonly older: number | null;
}

/**
 * The fires due by `now` (ms), jitter included, from a pending one on; at most `limit`, the newest ones.
 * @param isOverBudget see `FireTimesQuery`.
 */
export function dueFires(
  trigger: CompiledTrigger,
  pending: Pending,
  now: number,
  limit: number,
  isOverBudget?: () => boolean,
): DueFires {
  if (pending.dueAt > now) return { fires: [], older: null };
  if (pending.fireTime === now) return { fires: [pending], older: null };
  const query = { first: pending.fireTime, until: Math.max(now, pending.fireTime), limit: limit + 1, isOverBudget };
  const { fireTimes, older } = newestFireTimes(trigger, query);
  if (fireTimes.length === 1 && fireTimes[0] === pending.fireTime && limit > 0) return { fires: [pending], older };
  const due = fireTimes
    .map((fireTime) => (fireTime === pending.fireTime ? pending : fireAt(trigger, fireTime)))
    .filter((fire) => fire.dueAt <= now);
  const left = due.length > limit ? due[0] : undefined;
  return { fires: left ? due.slice(1) : due, older: left?.fireTime ?? older };
}

/** The fire at a fire time that the trigger names. */
function fireAt(trigger: CompiledTrigger, fireTime: number): Pending {
  return { fireTime, dueAt: fireTime + trigger.delayMs(fireTime) };
}

/** The first fire strictly after `after` (ms), or null. */
export function fireAfter(trigger: CompiledTrigger, after: number): Pending | null {
  const fireTime = trigger.nextMs(after);
  return fireTime === null ? null : fireAt(trigger, fireTime);
}
