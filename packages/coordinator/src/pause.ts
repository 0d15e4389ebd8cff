import type { DuePage } from '@carillon/core/internal';
import type { Dispatched } from './dispatch.js';
import { gatherMs } from './pace.js';

/** Until the next step where Redis is full. */
const FULL_MS = 500;
/** A timer: in a process that keeps its job stores itself, nothing else goes on between two steps without one. */
const TURN_MS = 1;
/** How long after a page of claims the leader looks whether their runs have left the outbox, at the latest. */
const LOOK_AGAIN_MS = 20;

/** What there is to do for the runs of the outbox whose time has come. `to confirm`: all of them may be on their way. */
export type Outbox = 'empty' | 'to dispatch' | 'to confirm';

/** @param onTheWaySince since when runs that are on their way may be in the outbox, as was known when the page was asked for */
export function outboxOf({ outboxAt, now }: Step['page'], onTheWaySince: number | null): Outbox {
  if (outboxAt === null || outboxAt > now) return 'empty';
  return onTheWaySince === null || outboxAt < onTheWaySince ? 'to dispatch' : 'to confirm';
}

/** What a step of a leader found, and did. */
export interface Step {
  readonly page: Pick<DuePage, 'now' | 'nextDueAt' | 'outboxAt'>;
  readonly outbox: Outbox;
  /** How many of the page's jobs were claimed. */
  readonly claims: number;
  /** When the first of these jobs is due again, ms. */
  readonly nextDueAt: number | null;
  readonly dispatched: Dispatched;
  /** How many runs went back into the outbox. */
  readonly reaped: number;
  /** Jobs of the page are left, or were planned after the others, as they take long to plan. */
  readonly hadLeft: boolean;
  /** Jobs are due, and Redis has no room for their runs. */
  readonly isFull: boolean;
  /** How long it is of no use to claim more of the due jobs, ms. */
  readonly restMs: number;
}

/**
 * There is more to do, `restMs` after the step; or there is nothing to do for `idleMs`, counted from the instant of the page. `dueAt`:
 * the fire that is next (Infinity: none is to come), by the store's clock, ms; null if something else is sooner.
 */
export type Pause =
  | { readonly restMs: number }
  | { readonly restMs: null; readonly idleMs: number; readonly dueAt: number | null };

/** How long a leader pauses after a step. */
export function pauseAfter({ page, outbox, claims, ...step }: Step): Pause {
  const { now, outboxAt } = page;
  if (step.isFull || step.dispatched === 'slowly') return { restMs: FULL_MS };
  if (step.dispatched === 'more' || step.reaped > 0) return { restMs: 0 };
  if (step.hadLeft) return { restMs: TURN_MS };
  if (page.nextDueAt !== null && page.nextDueAt <= now) return { restMs: step.restMs };
  const waiting = outboxAt !== null && outboxAt > now ? outboxAt : null;
  // What was claimed has left the outbox at that time, or waits in its queue.
  const lookAt = claims > 0 ? now + LOOK_AGAIN_MS : null;
  const dueAt = earliest(step.nextDueAt, page.nextDueAt);
  const wakeAt = outbox === 'to confirm' ? now : earliest(dueAt, waiting, lookAt);
  const idleMs = Math.max(gatherMs(claims), wakeAt - now);
  return { restMs: null, idleMs, dueAt: wakeAt === dueAt && waiting !== dueAt ? dueAt : null };
}

/** Infinity: there is no such instant. */
function earliest(...instants: readonly (number | null)[]): number {
  return Math.min(Number.POSITIVE_INFINITY, ...instants.filter((instant) => instant !== null));
}
