import {
  type Chance,
  type Claim,
  type Clock,
  type DeliveryQueue,
  RedisFullError,
  type Report,
  type TermStore,
  upkeepOf,
} from '@carillon/core/internal';
import { ClaimPlanner } from './claims.js';
import { Dispatcher } from './dispatch.js';
import { unfenced } from './fenced.js';
import { quarantineJobs } from './quarantine.js';
import { Reaper } from './reaper.js';

/** Until the next step where Redis is full. */
const FULL_SLEEP_MS = 500;
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
  /** That Redis is full has been reported. */
  #isFull = false;

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
    const isFull = claims.length > 0 && !(await this.#claim(epoch, claims));
    const hasOutgoing = claims.length > 0 || (page.outboxAt !== null && page.outboxAt <= page.now);
    const dispatched = hasOutgoing ? await this.#dispatcher.dispatch(epoch) : 'all';
    await quarantineJobs(this.#parts, epoch, unreadable);
    const reaped = await this.#reapNowAndThen(epoch);
    if (isFull || dispatched === 'slowly') return FULL_SLEEP_MS;
    if (dispatched === 'more' || reaped > 0) return 0;

    const waiting = page.outboxAt !== null && page.outboxAt > page.now ? page.outboxAt : null;
    const next = [nextDueAt, page.nextDueAt, waiting].filter((instant) => instant !== null);
    const wakeAt = Math.min(Number.POSITIVE_INFINITY, ...next);
    return Math.max(0, wakeAt - page.now - (clock.now() - readAt));
  }

  /** Where Redis is full, no job fires: fire times that are due stay owed. Answers whether it had room. */
  async #claim(epoch: number, claims: readonly Claim[]): Promise<boolean> {
    const { terms, report, jobStore } = this.#parts;
    try {
      unfenced(await terms.claim({ epoch, claims }));
      this.#isFull = false;
    } catch (error) {
      if (!(error instanceof RedisFullError)) throw error;
      if (!this.#isFull) report({ kind: 'redis_full', jobStore });
      this.#isFull = true;
    }
    return !this.#isFull;
  }

  async #reapNowAndThen(epoch: number): Promise<number> {
    const now = upkeepOf(this.#parts.clock).now();
    if (now < this.#reapAt) return 0;
    this.#reapAt = now + this.#reapEveryMs;
    return this.#reaper.round(epoch);
  }
}
