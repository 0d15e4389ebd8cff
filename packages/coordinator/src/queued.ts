import type { DeliveredRun } from '@carillon/core/internal';

/** What has been in its queue for so long, and is still in the outbox, is taken out of it, ms. */
const LATE_MS = 100;

/** Runs of one page of claims that are in their queues. */
export interface QueuedPage {
  /** Before they entered the outbox, by the store's clock, ms. */
  readonly since: number;
  readonly runs: readonly DeliveredRun[];
}

/** What a look at the outbox found, by the store's clock. */
export interface OutboxLook {
  /** The pages that were known as the look was asked for. */
  readonly queued: readonly QueuedPage[];
  /** When it was made, ms. */
  readonly now: number;
  /** Since when the oldest run has been there, of those whose time has come, ms; null: there are none. */
  readonly oldest: number | null;
}

/**
 * Runs that are in their queues, and may still be in the outbox. Nearly all leave it as they start: to take each page out of it as it is
 * queued would be one call more for each.
 */
export class Queued {
  #pages: readonly QueuedPage[] = [];
  /** Those that a look at the outbox may have found there. */
  #late: ReadonlySet<QueuedPage> = new Set();
  /** An instant by which the runs of a page were in the outbox, by the store's clock, ms. */
  readonly #enteredBy = new WeakMap<QueuedPage, number>();

  /** Oldest first. */
  get pages(): readonly QueuedPage[] {
    return this.#pages;
  }

  /** When the oldest of them may have entered the outbox, ms; null: there are none. */
  get since(): number | null {
    return this.#pages[0]?.since ?? null;
  }

  /** What is to be taken out of the outbox. */
  get late(): { readonly pages: readonly QueuedPage[]; readonly runs: readonly DeliveredRun[] } {
    const pages = this.#pages.filter((page) => this.#late.has(page));
    return { pages, runs: pages.flatMap(({ runs }) => runs) };
  }

  add(page: QueuedPage): void {
    this.#pages = [...this.#pages, page];
  }

  /** Forgets the pages that a look shows to have left the outbox, and marks those as late that had the time to. */
  looked({ queued, now, oldest }: OutboxLook): void {
    for (const page of queued) if (!this.#enteredBy.has(page)) this.#enteredBy.set(page, now);
    this.forget(queued.filter((page) => oldest === null || oldest > (this.#enteredBy.get(page) ?? now)));
    this.markLate(queued.filter(({ since }) => now - since >= LATE_MS));
  }

  /** They are to be taken out of the outbox, if they are there. */
  markLate(pages: readonly QueuedPage[]): void {
    this.#late = new Set([...this.#late, ...pages.filter((page) => this.#pages.includes(page))]);
  }

  /** They have left the outbox. */
  forget(pages: readonly QueuedPage[]): void {
    const gone = new Set(pages);
    this.#pages = this.#pages.filter((page) => !gone.has(page));
    this.#late = new Set([...this.#late].filter((page) => !gone.has(page)));
  }
}
