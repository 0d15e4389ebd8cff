import {
  type Chance,
  type Clock,
  type DeliveryQueue,
  type Report,
  type TermStore,
  upkeepOf,
} from '@carillon/core/internal';
import { ClaimPlanner } from './claims.js';
import { Dispatcher } from './dispatch.js';
import { unfenced } from './fenced.js';
import { quarantineJobs } from './quarantine.js';
import { Reaper } from './reaper.js';

const JOBS_PER_TICK = 500;
/** What is published can be lost on its way: the job store is looked at so often, whatever is heard. */
export const LOOK_MS = 1_000;

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
  readonly #parts: LeaderParts;
  readonly #planner: ClaimPlanner;
  readonly #dispatcher: Dispatcher;
  readonly #reaper: Reaper;
  readonly #reapEveryMs: number;
  #reapAt = 0;

  constructor(parts: LeaderParts) {
    this.#parts = parts;
    this.#planner = new ClaimPlanner(parts.jobStore);
    this.#dispatcher = new Dispatcher(parts);
    this.#reaper = new Reaper(parts);
    this.#reapEveryMs = parts.leaseMs / 3;
  }

  /**
   * Claims a page of due jobs, delivers a page of the outbox, reaps now and then: none of it keeps the others waiting for long,
   * whatever there is to do. Answers for how long there is nothing to do, ms. @throws TermOver
   */
  async tick(epoch: number): Promise<number> {
    const { terms, clock } = this.#parts;
    const page = await terms.due(JOBS_PER_TICK);
    const readAt = clock.now();
    const { claims, unreadable, nextDueAt } = this.#planner.plan(page);
    if (claims.length > 0) unfenced(await terms.claim({ epoch, claims }));
    const hasOutgoing = claims.length > 0 || (page.outboxAt !== null && page.outboxAt <= page.now);
    const isMoreLeft = hasOutgoing && (await this.#dispatcher.dispatch(epoch));
    await quarantineJobs(this.#parts, epoch, unreadable);
    const reaped = await this.#reapNowAndThen(epoch);
    if (isMoreLeft || reaped > 0) return 0;

    const waiting = page.outboxAt !== null && page.outboxAt > page.now ? page.outboxAt : null;
    const next = [nextDueAt, page.nextDueAt, waiting].filter((instant) => instant !== null);
    const wakeAt = Math.min(Number.POSITIVE_INFINITY, ...next);
    return Math.max(0, wakeAt - page.now - (clock.now() - readAt));
  }

  async #reapNowAndThen(epoch: number): Promise<number> {
    const now = upkeepOf(this.#parts.clock).now();
    if (now < this.#reapAt) return 0;
    this.#reapAt = now + this.#reapEveryMs;
    return this.#reaper.round(epoch);
  }
}
