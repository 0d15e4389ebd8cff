import {
  type Chance,
  type Clock,
  type DeliveryQueue,
  draft,
  type Report,
  type TermStore,
  type UnreadableJob,
} from '@carillon/core/internal';
import { ClaimPlanner } from './claims.js';
import { Dispatcher } from './dispatch.js';
import { unfenced } from './fenced.js';
import { Reaper } from './reaper.js';

const JOBS_PER_TICK = 500;
const MAX_SLEEP_MS = 1_000;

export interface LeaderParts {
  readonly jobStore: string;
  readonly terms: TermStore;
  readonly queue: DeliveryQueue;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly report: Report;
  readonly leaseMs: number;
}

/** Does a leader's work for one job store. It keeps nothing from which a next leader could not start anew. */
export class Leader {
  readonly #jobStore: string;
  readonly #terms: TermStore;
  readonly #clock: Clock;
  readonly #report: Report;
  readonly #planner: ClaimPlanner;
  readonly #dispatcher: Dispatcher;
  readonly #reaper: Reaper;
  readonly #reapEveryMs: number;
  #reapAt = 0;

  constructor(parts: LeaderParts) {
    this.#jobStore = parts.jobStore;
    this.#terms = parts.terms;
    this.#clock = parts.clock;
    this.#report = parts.report;
    this.#planner = new ClaimPlanner(parts.jobStore);
    this.#dispatcher = new Dispatcher(parts);
    this.#reaper = new Reaper(parts);
    this.#reapEveryMs = parts.leaseMs / 3;
  }

  /**
   * Claims a page of due jobs, delivers a page of the outbox, reaps now and then: none of it keeps the others waiting for long,
   * whatever there is to do. Answers how long to sleep, ms. @throws TermOver
   */
  async tick(epoch: number): Promise<number> {
    const page = await this.#terms.due(JOBS_PER_TICK);
    const readAt = this.#clock.now();
    const { claims, unreadable, nextDueAt } = this.#planner.plan(page);
    for (const job of unreadable) await this.#quarantine(epoch, job);
    if (claims.length > 0) unfenced(await this.#terms.claim({ epoch, claims }));
    const hasOutgoing = claims.length > 0 || (page.outboxAt !== null && page.outboxAt <= page.now);
    const isMoreLeft = hasOutgoing && (await this.#dispatcher.dispatch(epoch));
    const reaped = await this.#reapNowAndThen(epoch);
    if (isMoreLeft || reaped > 0) return 0;

    const waiting = page.outboxAt !== null && page.outboxAt > page.now ? page.outboxAt : null;
    const next = [nextDueAt, page.nextDueAt, waiting].filter((instant) => instant !== null);
    const wakeAt = Math.min(page.now + MAX_SLEEP_MS, ...next);
    return Math.max(0, wakeAt - page.now - (this.#clock.now() - readAt));
  }

  async #reapNowAndThen(epoch: number): Promise<number> {
    if (this.#clock.now() < this.#reapAt) return 0;
    this.#reapAt = this.#clock.now() + this.#reapEveryMs;
    return this.#reaper.round(epoch);
  }

  async #quarantine(epoch: number, { id, why, pending }: UnreadableJob): Promise<void> {
    this.#report({ kind: 'record_unreadable', jobStore: this.#jobStore, id, why });
    const event = draft(this.#jobStore, 'job_quarantined', { record: 'job', id, why });
    const job = { id, why, dueAt: pending?.dueAt ?? 0, event };
    unfenced(await this.#terms.quarantineJob({ epoch, job }));
  }
}
