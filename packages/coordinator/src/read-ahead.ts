import type { Clock, DuePage, DuePlace, TermStore, UpcomingPage } from '@carillon/core/internal';

/** How long before they are due jobs are read, at most, ms. The store trusts a record for 10 s. */
const MOST_MS = 8_000;
/** No more jobs are read while all are read that are due within this time, ms. */
const LEAST_MS = 3_000;
const JOBS_A_PAGE = 200;
/** In less time until its next step, a leader reads nothing ahead, ms. */
const SHORT_MS = 5;
/** How long jobs are read at once, ms. */
const SLICE_MS = 5;
/** How long the process does other work before it goes on, ms. */
const REST_MS = 1;

type Jobs = UpcomingPage['jobs'];

interface Parts {
  readonly terms: Pick<TermStore, 'isNear' | 'upcoming'>;
  readonly clock: Clock;
  /** Whether there is room for jobs that are read ahead. */
  readonly hasRoom: () => boolean;
  /** Reads jobs for a time. Returns those that are left. */
  readonly readAhead: (jobs: Jobs, forMs: number) => Jobs;
}

/** The time between two steps of a leader. */
interface Rest {
  /** When the next step begins, by the leader's clock, ms. */
  readonly until: number;
  isOver: boolean;
}

/**
 * Reads jobs some seconds before they are due, in the time between two steps of a leader. At their instant, a leader then knows many jobs, and
 * need not read them one after the other. Whether a job is still as it was read is for the store to decide, as with any claim. If the store is
 * near, fires are planned ahead in place of this: see `PlanAhead`.
 */
export class ReadAhead {
  readonly #parts: Parts;
  /** Up to which place all jobs were read. */
  #after: DuePlace = { dueAt: 0, id: '' };
  /** Whether others are due within the time. */
  #isMore = false;
  /** Jobs of the last page that are not read yet. */
  #left: Jobs = [];
  #asking: Promise<void> | undefined;
  #rest: Rest | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @param ms until the next step
   * @param page the last page of due jobs
   */
  during(ms: number, { now, nextDueAt }: Pick<DuePage, 'now' | 'nextDueAt'>): void {
    this.stop();
    const { terms, clock, hasRoom } = this.#parts;
    if (terms.isNear || ms < SHORT_MS || !hasRoom()) return;
    const isSoon = nextDueAt !== null && nextDueAt <= now + MOST_MS;
    const isOwed = this.#isMore || this.#after.dueAt - now <= LEAST_MS;
    if (this.#left.length === 0 && !(isSoon && isOwed)) return;
    const rest = { until: clock.now() + ms, isOver: false };
    this.#rest = rest;
    // What it fails with, the next step fails with.
    this.#readDuring(rest, now).catch(() => {});
  }

  /** The next step begins, or there is none. */
  stop(): void {
    if (this.#rest) this.#rest.isOver = true;
  }

  /** @param now the instant of the last page, by the store's clock, ms */
  async #readDuring(rest: Rest, now: number): Promise<void> {
    const { clock, readAhead, hasRoom } = this.#parts;
    for (;;) {
      if (this.#left.length === 0) await this.#ask(now);
      const leftMs = rest.until - clock.now();
      if (rest.isOver || leftMs <= 0) return;
      this.#left = readAhead(this.#left, Math.min(SLICE_MS, leftMs));
      if (this.#left.length === 0 && !(this.#isMore && hasRoom())) return;
      await new Promise<void>((resolve) => void clock.after(REST_MS, resolve));
      if (rest.isOver) return;
    }
  }

  /** Requests the next page, unless that is under way. */
  #ask(now: number): Promise<void> {
    this.#asking ??= this.#askNow(now).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #askNow(now: number): Promise<void> {
    const after = this.#after.dueAt > now ? this.#after : null;
    const page = await this.#parts.terms.upcoming({ withinMs: MOST_MS, after, limit: JOBS_A_PAGE });
    this.#left = page.jobs;
    this.#isMore = page.last !== null;
    this.#after = page.last ?? { dueAt: page.now + MOST_MS, id: '' };
  }
}
