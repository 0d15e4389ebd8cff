import type { Clock, DuePage, DuePlace, TermStore, UpcomingPage } from '@carillon/core/internal';

/** How long before they are due jobs are read, at most, ms. The store trusts a record for 10 s. */
const MOST_MS = 8_000;
/** No more jobs are read while all are read that are due within this time, ms. */
const LEAST_MS = 3_000;
const JOBS_A_PAGE = 200;
/** A page takes up to a few ms: in less time until its next step, a leader requests none, ms. */
const SHORT_MS = 5;
/** How long jobs are read at once, ms. */
const SLICE_MS = 5;
/** How long the process does other work before it goes on, and how long before the next step it ends, ms. */
const REST_MS = 1;
/** How long after a page that failed none is requested, ms. */
const AFTER_FAILURE_MS = 1_000;

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

/** What a leader has read ahead in its term. */
interface Progress {
  /** Up to which place all jobs were read; null: none were. */
  after: DuePlace | null;
  /** Whether others are due within the time. */
  isMore: boolean;
  /** Jobs of the last page that are not read yet. */
  left: Jobs;
  asking: Promise<void> | null;
}

const NOTHING: Readonly<Progress> = { after: null, isMore: false, left: [], asking: null };

/**
 * Reads jobs some seconds before they are due, in the time between two steps of a leader. At their instant, a leader then knows many jobs, and
 * need not read them one after the other. Whether a job is still as it was read is for the store to decide, as with any claim. If the store is
 * near, fires are planned ahead in place of this: see `PlanAhead`.
 */
export class ReadAhead {
  readonly #parts: Parts;
  #progress: Progress = { ...NOTHING };
  #rest: Rest | undefined;
  /** Until when no page is requested, by the leader's clock, ms. */
  #idleUntil = 0;

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
    const progress = this.#progress;
    progress.left = progress.left.filter(({ pending }) => pending && pending.dueAt > now);
    // The store's clock may have been set back.
    if (progress.after && !isBetween(now, progress.after.dueAt, now + MOST_MS + 1)) progress.after = null;
    const isSoon = nextDueAt !== null && nextDueAt <= now + MOST_MS;
    const isOwed = !progress.after || progress.isMore || progress.after.dueAt - now <= LEAST_MS;
    if (progress.left.length === 0 && !(isSoon && isOwed)) return;
    const rest = { until: clock.now() + ms, isOver: false };
    this.#rest = rest;
    this.#readDuring(rest, progress).catch(() => {
      // If the store cannot be reached, the next step reports it.
      this.#idleUntil = clock.now() + AFTER_FAILURE_MS;
    });
  }

  /** The next step begins, or there is none. */
  stop(): void {
    if (this.#rest) this.#rest.isOver = true;
  }

  /** A term ends. A page that is under way is for nothing. */
  forget(): void {
    this.stop();
    this.#progress = { ...NOTHING };
  }

  async #readDuring(rest: Rest, progress: Progress): Promise<void> {
    const { clock, readAhead, hasRoom } = this.#parts;
    while (!rest.isOver) {
      const leftMs = rest.until - clock.now();
      if (progress.left.length === 0) {
        if (leftMs < SHORT_MS || clock.now() < this.#idleUntil) return;
        await this.#ask(progress);
      } else {
        if (leftMs <= REST_MS) return;
        progress.left = readAhead(progress.left, Math.min(SLICE_MS, leftMs - REST_MS));
        await new Promise<void>((resolve) => void clock.after(REST_MS, resolve));
      }
      if (progress.left.length === 0 && !(progress.isMore && hasRoom())) return;
    }
  }

  /** Requests the next page, unless that is under way. */
  #ask(progress: Progress): Promise<void> {
    const { terms } = this.#parts;
    const ask = async () => {
      const page = await terms.upcoming({ withinMs: MOST_MS, after: progress.after, limit: JOBS_A_PAGE });
      progress.left = page.jobs;
      progress.isMore = page.last !== null;
      // The next page has the jobs of the next ms.
      progress.after = page.last ?? { dueAt: page.now + MOST_MS + 1, id: '' };
    };
    progress.asking ??= ask().finally(() => {
      progress.asking = null;
    });
    return progress.asking;
  }
}

function isBetween(from: number, instant: number, to: number): boolean {
  return from < instant && instant <= to;
}
