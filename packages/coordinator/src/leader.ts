import type {
  Chance,
  Clock,
  DeliveryQueue,
  Instruments,
  JobFault,
  Outage,
  Report,
  TermStore,
} from '@carillon/core/internal';
import { ClaimPlanner, type ClaimPlannerParts, type PagePlan } from './claim-planner.js';
import { Claimer } from './claimer.js';
import { ClockWatch } from './clock-watch.js';
import { Dispatcher, type DispatcherParts } from './dispatch.js';
import { DuePages } from './due-pages.js';
import { gatherMs } from './pace.js';
import { outboxOf, type Pause, pauseAfter } from './pause.js';
import { PlanAhead } from './plan-ahead.js';
import { quarantineJobs } from './quarantine.js';
import { ReadAhead } from './read-ahead.js';
import { Ready } from './ready.js';
import { Reaper } from './reaper.js';

/** How often the leader looks at the job store, whatever is published: a published message can be lost on its way. */
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
  readonly #planAhead: PlanAhead;
  readonly #readAhead: ReadAhead;
  readonly #ready: Ready;
  readonly #pages: DuePages;
  readonly #clockWatch: ClockWatch;
  /** The instant of the page before the one that is at hand, ms: what came due since then has just come due. */
  #lookedBefore = 0;
  /** The instant of the page that is at hand, ms. */
  #lookedAt = 0;

  constructor(parts: LeaderParts) {
    this.#parts = parts;
    this.#planner = new ClaimPlanner({ ...parts, patienceMs: parts.leaseMs / 3 });
    this.#dispatcher = new Dispatcher(parts);
    this.#claimer = new Claimer({ ...parts, planner: this.#planner, dispatcher: this.#dispatcher });
    this.#reaper = new Reaper(parts);
    this.#pages = new DuePages({ ...parts, onTheWay: () => this.#dispatcher.onTheWay });
    const { planAhead, plannedAhead } = this.#planner;
    this.#planAhead = new PlanAhead({ ...parts, planAhead: planAhead.bind(this.#planner) });
    const readAhead = this.#planner.readAhead.bind(this.#planner);
    this.#readAhead = new ReadAhead({ ...parts, readAhead, hasRoom: () => this.#planner.hasRoomAhead });
    this.#ready = new Ready({ ...parts, claimer: this.#claimer, plannedAhead: plannedAhead.bind(this.#planner) });
    this.#clockWatch = new ClockWatch(parts);
  }

  /** Jobs are due, and Redis has no room for their runs. */
  get outage(): Outage | null {
    return this.#claimer.outage;
  }

  /**
   * Claims a page of due jobs, dispatches a page of the outbox, reaps now and then: none of it keeps the others waiting for long,
   * whatever there is to do. A job that takes long to plan is planned once the others are on their way, a slice in each step that has time
   * for it. Claimed runs go to their queues while the next page is read; if more jobs are due, that page is requested with the claim. Returns
   * for how long there is nothing to do, ms.
   * @param wasWoken something happened since the last step, such as a run that entered the outbox: the job store is looked at first
   * @throws TermOver
   */
  async tick(epoch: number, wasWoken = false): Promise<number> {
    const { jobStore, report } = this.#parts;
    this.#dispatcher.checkSent();
    this.#planAhead.stop();
    this.#readAhead.stop();
    if (wasWoken) this.#ready.forget();
    const ready = await this.#ready.take();
    if (ready) {
      await quarantineJobs(this.#parts, epoch, await this.#claimer.claim(epoch, ready, ready.since));
      return gatherMs(ready.claims.length);
    }
    const { page, onTheWay, readAt } = await this.#pages.next();
    this.#clockWatch.saw(page.now, epoch);
    [this.#lookedBefore, this.#lookedAt] = [this.#lookedAt, page.now];
    for (const id of page.newer) report({ kind: 'record_newer', jobStore, record: 'job', id });
    const planned = this.#planner.plan(page);
    const { nextDueAt, left } = planned;
    if (planned.claims.length === 0 && !left) this.#claimer.hadNothing();
    const outbox = outboxOf(page, onTheWay.since);
    const oldest = outbox === 'empty' ? null : page.outboxAt;
    this.#dispatcher.looked(epoch, { unconfirmed: onTheWay.unconfirmed, now: page.now, oldest });
    const isMore = page.nextDueAt !== null && page.nextDueAt <= page.now;
    const goesOn = isMore && !left && outbox !== 'to dispatch' && planned.unreadable.length === 0;
    const toQuarantine = await this.#claim(epoch, planned, page.now, goesOn);
    const dispatched = outbox === 'to dispatch' ? await this.#dispatcher.dispatch(epoch) : 'all';
    const later = left && !planned.wasSlice ? this.#planner.plan(left) : null;
    if (later) toQuarantine.push(...(await this.#claim(epoch, later, page.now)));
    await quarantineJobs(this.#parts, epoch, toQuarantine);
    const reaped = await this.#reaper.roundNowAndThen(epoch, page.isOwing);
    if (outbox === 'to confirm' && planned.claims.length === 0) await this.#dispatcher.confirm(epoch);
    const isFull = this.#claimer.isFull && planned.claims.length + (later?.claims.length ?? 0) > 0;
    const { claimRestMs } = this.#claimer;
    const step = { page, outbox, claims: planned.claims.length, nextDueAt, dispatched, reaped, hadLeft: left !== null };
    const sleepMs = await this.#sleepMs(pauseAfter({ ...step, isFull, claimRestMs }), readAt);
    this.#readAhead.during(sleepMs, page);
    return sleepMs;
  }

  /** For how long the leader sleeps now, ms. What comes due then is planned ahead meanwhile, as far as its time goes. */
  async #sleepMs(pause: Pause, readAt: number): Promise<number> {
    if (pause.nextStepMs !== null) return pause.nextStepMs;
    const idleMs = Math.max(0, pause.idleMs - (this.#parts.clock.now() - readAt));
    const { dueAt } = pause;
    const sleepMs =
      dueAt === null ? idleMs : await this.#ready.prepare(this.#planAhead.readyIn(idleMs), dueAt, this.#lookedAt);
    this.#planAhead.during(sleepMs);
    return sleepMs;
  }

  /** Resolves once what was claimed has gone to its queues, and out of the outbox, as far as that goes. Never rejects. */
  async idle(epoch: number): Promise<void> {
    this.#planAhead.stop();
    this.#readAhead.forget();
    this.#pages.forget();
    this.#planner.endTerm();
    await this.#dispatcher.end(epoch);
  }

  /**
   * Claims what was planned. Returns the jobs that belong in quarantine, as they cannot be read, planned or claimed.
   * @param since a time before these runs enter the outbox, by the store's clock, ms
   * @param goesOn more jobs are due: the next page is read as soon as these are claimed
   */
  async #claim(epoch: number, { claims, unreadable }: PagePlan, since: number, goesOn = false): Promise<JobFault[]> {
    if (claims.length === 0) return [...unreadable];
    const packed = await this.#claimer.pack(claims, this.#lookedBefore);
    const asked = () => {
      if (goesOn) this.#pages.askAhead(since);
    };
    return [...unreadable, ...(await this.#claimer.claim(epoch, packed, since, asked))];
  }
}
