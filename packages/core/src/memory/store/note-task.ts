import type { TaskSeen } from '../../ports/ledger.js';
import type { StoreState } from './state.js';

/** Notes whether a living worker that serves an executor has a task. Returns for how many ms no worker has had it, as far as is known. */
export function noteTask(state: StoreState, { executor, task, isThere, forgetMs, lookedAt }: TaskSeen): number {
  const now = state.now();
  const name = `${executor} ${task}`;
  if (isThere) {
    state.absent.delete(name);
    return 0;
  }
  const noted = state.absent.get(name, now);
  const isKnown = noted && noted.since <= now && (forgetMs === null || now - noted.seen <= forgetMs);
  const since = isKnown ? noted.since : now;
  // A worker that joined after the look may have the task.
  if (lookedAt <= state.joinedAt) return now - since;
  state.absent.set(name, { since, seen: now }, now);
  return now - since;
}
