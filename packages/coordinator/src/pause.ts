import type { DuePage } from '@carillon/core/internal';
import type { Dispatched } from './dispatch.js';
import { gatherMs } from './pace.js';

/** The pause while Redis is full. */
const FULL_MS = 500;
/** The least pause by a timer: in a process that keeps its job stores itself, nothing else has its turn between two steps without one. */
const TURN_MS = 1;
/** How long after a page of claims the leader looks whether their runs have left the outbox, at the latest. */
const LOOK_AGAIN_MS = 20;

/** What the runs in the outbox need whose time has come. `to confirm`: all of them may be on their way to a queue. */
export type Outbox = 'empty' | 'to dispatch' | 'to confirm';

/** @param onTheWaySince the earliest time at which runs on their way may have entered the outbox, as known when the page was requested */
export function outboxOf({ outboxAt, now }: Step['page'], onTheWaySince: number | null): Outbox {
  if (outboxAt === null || outboxAt > now) return 'empty';
  return onTheWaySince === null || outboxAt < onTheWaySince ? 'to dispatch' : 'to confirm';
}

/** What a leader's step found and did. */
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
  /** Some jobs of the page are left, or were planned after the others, because they take long to plan. */
  readonly hadLeft: boolean;
  /** Jobs are due, and Redis has no room for their runs. */
  readonly isFull: boolean;
  /** How long a claim of more due jobs is of no use, ms. */
  readonly claimRestMs: number;
}

/**
 * Either there is more to do, and the next step follows `nextStepMs` after this one; or there is nothing to do for `idleMs`, counted from
 * the instant of the page. `dueAt` is the next fire, by the store's clock, ms (Infinity: there is none); null if something else is sooner.
 */
export type Pause =
  | { readonly nextStepMs: number }
  | { readonly nextStepMs: null; readonly idleMs: number; readonly dueAt: number | null };

/** How long a leader pauses after a step. */
export function pauseAfter({ page, outbox, claims, ...step }: Step): Pause {
  const { now, outboxAt } = page;
  if (step.isFull || step.dispatched === 'slowly') return { nextStepMs: FULL_MS };
  if (step.dispatched === 'more' || step.reaped > 0) return { nextStepMs: 0 };
  if (step.hadLeft) return { nextStepMs: TURN_MS };
  if (page.nextDueAt !== null && page.nextDueAt <= now) return { nextStepMs: step.claimRestMs };
  const waiting = outboxAt !== null && outboxAt > now ? outboxAt : null;
  // At that time, the claimed runs have left the outbox, or wait in their queues.
  const lookAt = claims > 0 ? now + LOOK_AGAIN_MS : null;
  const dueAt = earliest(step.nextDueAt, page.nextDueAt);
  const wakeAt = outbox === 'to confirm' ? now : earliest(dueAt, waiting, lookAt);
  const idleMs = Math.max(gatherMs(claims), wakeAt - now);
  return { nextStepMs: null, idleMs, dueAt: wakeAt === dueAt && waiting !== dueAt ? dueAt : null };
}

/** Infinity: there is no such instant. */
function earliest(...instants: readonly (number | null)[]): number {
  return Math.min(Number.POSITIVE_INFINITY, ...instants.filter((instant) => instant !== null));
}
