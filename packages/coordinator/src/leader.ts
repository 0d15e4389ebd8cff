import {
  type Chance,
  type Clock,
  type DeliveryQueue,
  type DuePage,
  type Instruments,
  type Outage,
  type Report,
  type TermStore,
  type UnreadableJob,
  upkeepOf,
} from '@carillon/core/internal';
import { ClaimPlanner, type ClaimPlannerParts, type PagePlan } from './claim-planner.js';
import { Claimer } from './claimer.js';
import { Dispatcher, type DispatcherParts } from './dispatch.js';
import { DuePages } from './due-pages.js';
import { LookAhead } from './look-ahead.js';
import { gatherMs } from './pace.js';
import { quarantineJobs } from './quarantine.js';
import { Ready } from './ready.js';
import { Reaper } from './reaper.js';

/** Until the next step where Redis is full. */
const FULL_SLEEP_MS = 500;
/** Of the store's clock: smaller steps pass without a word. */
const CLOCK_STEP_MS = 1_000;
/** How long after a page of claims the leader looks whether their runs have left the outbox, at the latest. */
const LOOK_AGAIN_MS = 20;
/** What is published can be lost on its way: the job store is looked at so often, whatever is heard. */
export const LOOK_MS = 1_000;

export interface LeaderParts extends Pick<ClaimPlannerParts, 'triggerOf'>, Pick<DispatcherParts, 'packRules'> {
  readonly jobStore: string;
  readonly terms: TermStore;
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly report: Report;
  readonly leaseMs: number;
  readonly instruments?: Instruments | undefined;
}

/** Does a leader's work for one job store. It keeps nothing from which a next leader could not start again. */
export class Leader {
  readonly #parts: LeaderParts;
  readonly #planner: ClaimPlanner;
  readonly #dispatcher: Dispatcher;
  readonly #claimer: Claimer;
  readonly #reaper: Reaper;
  readonly #lookAhead: LookAhead;
  readonly #ready: Ready;
  readonly #pages: DuePages;
  readonly #reapEveryMs: number;
  #reapAt = 0;
  /** The latest instant that the store has returned, ms. */
  #latest = 0;
  /** The instant of the page before the one that is at hand, ms: what came due since then has just come due. */
  #lookedBefore = 0;
  /** The instant of the page that is at hand, ms. */
  #lookedAt = 0;
  /** That the store's clock went back has been reported, and it has not caught up. */
  #isBehind = false;

  constructor(parts: LeaderParts) {
    this.#parts = parts;
    this.#planner = new ClaimPlanner({ ...parts, patienceMs: parts.leaseMs / 3 });
    this.#dispatcher = new Dispatcher(parts);
    this.#claimer = new Claimer({ ...parts, planner: this.#planner, dispatcher: this.#dispatcher });
    this.#reaper = new Reaper(parts);
    this.#pages = new DuePages({ ...parts, onTheWay: () => this.#dispatcher.onTheWay });
    const { planAhead, plannedAhead } = this.#planner;
    this.#lookAhead = new LookAhead({ ...parts, planAhead: planAhead.bind(this.#planner) });
    this.#ready = new Ready({ ...parts, claimer: this.#claimer, plannedAhead: plannedAhead.bind(this.#planner) });
    this.#reapEveryMs = parts.leaseMs / 3;
  }

  /** Jobs are due, and Redis has no room for their runs. */
  get outage(): Outage | null {
    return this.#claimer.outage;
  }

  /**
   * Claims a page of due jobs, dispatches a page of the outbox, reaps now and then: none of it keeps the others waiting for long,
   * whatever there is to do. A job that takes long to plan is planned once the others are on their way. What was claimed goes to
   * its queues while the next page is read, which is asked for with the claim where more are due. Returns for how long there is nothing to do, ms.
   * @param wasWoken something happened since the last step, such as a run that entered the outbox: the job store is looked at first
   * @throws TermOver
   */
  async tick(epoch: number, wasWoken = false): Promise<number> {
    const { jobStore, clock, report } = this.#parts;
    this.#dispatcher.checkSent();
    this.#lookAhead.stop();
    if (wasWoken) this.#ready.forget();
    const ready = await this.#ready.take();
    if (ready) {
      await quarantineJobs(this.#parts, epoch, await this.#claimer.claim(epoch, ready, ready.since));
      return gatherMs(ready.claims.length);
    }
    const { page, onTheWay, readAt } = await this.#pages.next();
    this.#watchClock(page.now, epoch);
    [this.#lookedBefore, this.#lookedAt] = [this.#lookedAt, page.now];
    for (const id of page.newer) report({ kind: 'record_newer', jobStore, record: 'job', id });
    const planned = this.#planner.plan(page);
    const { nextDueAt, left } = planned;
    if (planned.claims.length === 0) this.#claimer.hadNothing();
    const outbox = outboxOf(page, onTheWay.since);
    const oldest = outbox === 'empty' ? null : page.outboxAt;
    this.#dispatcher.looked(epoch, { unconfirmed: onTheWay.unconfirmed, now: page.now, oldest });
    const isMore = page.nextDueAt !== null && page.nextDueAt <= page.now;
    const goesOn = isMore && !left && outbox !== 'to dispatch' && planned.unreadable.length === 0;
    const aside = await this.#claim(epoch, planned, page.now, goesOn);
    const dispatched = outbox === 'to dispatch' ? await this.#dispatcher.dispatch(epoch) : 'all';
    if (left) aside.push(...(await this.#claim(epoch, this.#planner.plan(left), page.now)));
    await quarantineJobs(this.#parts, epoch, aside);
    const reaped = await this.#reapNowAndThen(epoch, page.isOwing);
    if (outbox === 'to confirm' && planned.claims.length === 0) await this.#dispatcher.confirm(epoch);
    const isFull = this.#claimer.isFull && planned.claims.length > 0;
    if (isFull || dispatched === 'slowly') return FULL_SLEEP_MS;
    if (dispatched === 'more' || reaped > 0 || left) return 0;
    if (isMore) return this.#claimer.restMs;

    const waiting = page.outboxAt !== null && page.outboxAt > page.now ? page.outboxAt : null;
    // What was claimed has left the outbox by then, or waits in its queue.
    const lookAt = planned.claims.length > 0 ? page.now + LOOK_AGAIN_MS : null;
    const dueAt = earliest(nextDueAt, page.nextDueAt);
    const wakeAt = outbox === 'to confirm' ? page.now : earliest(dueAt, waiting, lookAt);
    const pauseMs = Math.max(gatherMs(planned.claims.length), wakeAt - page.now);
    const idleMs = Math.max(0, pauseMs - (clock.now() - readAt));
    if (wakeAt !== dueAt || waiting === dueAt) {
      this.#lookAhead.during(idleMs);
      return idleMs;
    }
    const sleepMs = await this.#ready.prepare(this.#lookAhead.readyIn(idleMs), dueAt, this.#lookedAt);
    this.#lookAhead.during(sleepMs);
    return sleepMs;
  }

  /** Resolves once what was claimed has gone to its queues, and out of the outbox, as far as that goes. Never rejects. */
  async idle(epoch: number): Promise<void> {
    this.#lookAhead.stop();
    this.#pages.forget();
    await this.#dispatcher.end(epoch);
  }

  /**
   * Claims what was planned. Returns the jobs that are to be set aside, as they cannot be read, planned or claimed.
   * @param since before these runs enter the outbox, by the store's clock, ms
   * @param goesOn more jobs are due: the next page is read as soon as these are claimed
   */
  async #claim(
    epoch: number,
    { claims, unreadable }: PagePlan,
    since: number,
    goesOn = false,
  ): Promise<UnreadableJob[]> {
    if (claims.length === 0) return [...unreadable];
    const packed = await this.#claimer.pack(claims, this.#lookedBefore);
    const asked = () => {
      if (goesOn) this.#pages.askAhead(since);
    };
    return [...unreadable, ...(await this.#claimer.claim(epoch, packed, since, asked))];
  }

  /** An epoch is at least the instant at which its term began: so a new leader, too, sees that the clock was further once. */
  #watchClock(now: number, epoch: number): void {
    this.#latest = Math.max(this.#latest, now);
    const byMs = Math.max(this.#latest, epoch) - now;
    const isBehind = byMs > CLOCK_STEP_MS;
    const { report, jobStore } = this.#parts;
    if (isBehind && !this.#isBehind) report({ kind: 'clock_went_back', jobStore, byMs });
    this.#isBehind = isBehind;
  }

  async #reapNowAndThen(epoch: number, isOwing: boolean): Promise<number> {
    const now = upkeepOf(this.#parts.clock).now();
    if (now < this.#reapAt) return 0;
    this.#reapAt = now + this.#reapEveryMs;
    return this.#reaper.round(epoch, isOwing);
  }
}

/**
 * What there is to do for the runs of the outbox whose time has come. `empty`: nothing. `to confirm`: all of them may be on their way.
 * @param onTheWaySince since when such runs may be there, as the dispatcher knew when the page was asked for
 */
function outboxOf({ outboxAt, now }: DuePage, onTheWaySince: number | null): 'empty' | 'to dispatch' | 'to confirm' {
  if (outboxAt === null || outboxAt > now) return 'empty';
  return onTheWaySince === null || outboxAt < onTheWaySince ? 'to dispatch' : 'to confirm';
}

/** Infinity: there is no such instant. */
function earliest(...instants: readonly (number | null)[]): number {
  return Math.min(Number.POSITIVE_INFINITY, ...instants.filter((instant) => instant !== null));
}
