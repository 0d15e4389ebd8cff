import type { Delivery } from '@carillon/core/internal';

/** After how long in its queue a run is removed from the outbox, ms. */
const LATE_MS = 100;

/** Deliveries of one page of claims that are in their queues. */
export interface QueuedPage {
  /** Before their runs entered the outbox, by the store's clock, ms. */
  readonly since: number;
  readonly deliveries: readonly Delivery[];
}

/** What a look at the outbox found, by the store's clock. */
export interface OutboxLook {
  /** The pages that were known as the look was asked for. */
  readonly unconfirmed: readonly QueuedPage[];
  /** When it was made, ms. */
  readonly now: number;
  /** Since when the oldest run has been there, of those whose time has come, ms; null if there are none. */
  readonly oldest: number | null;
}

/**
 * Deliveries that are in their queues, and whose runs may still be in the outbox. Nearly all runs leave it as they start: to confirm each page
 * as it is queued would be one call more for each.
 */
export class Unconfirmed {
  #pages: readonly QueuedPage[] = [];
  /** Those that a look at the outbox may have found there. */
  #late: ReadonlySet<QueuedPage> = new Set();
  /** An instant by which the runs of a page were in the outbox, by the store's clock, ms. */
  readonly #enteredBy = new WeakMap<QueuedPage, number>();

  /** Oldest first. */
  get pages(): readonly QueuedPage[] {
    return this.#pages;
  }

  /** When the oldest of them may have entered the outbox, ms; null if there are none. */
  get since(): number | null {
    return this.#pages[0]?.since ?? null;
  }

  /** The pages to confirm, and their deliveries. */
  get late(): { readonly pages: readonly QueuedPage[]; readonly deliveries: readonly Delivery[] } {
    const pages = this.#pages.filter((page) => this.#late.has(page));
    return { pages, deliveries: pages.flatMap(({ deliveries }) => deliveries) };
  }

  add(page: QueuedPage): void {
    this.#pages = [...this.#pages, page];
  }

  /** Forgets the pages that a look shows to have left the outbox, and marks those as late that had the time to. */
  looked({ unconfirmed, now, oldest }: OutboxLook): void {
    for (const page of unconfirmed) if (!this.#enteredBy.has(page)) this.#enteredBy.set(page, now);
    this.forget(unconfirmed.filter((page) => oldest === null || oldest > (this.#enteredBy.get(page) ?? now)));
    this.markLate(unconfirmed.filter(({ since }) => now - since >= LATE_MS));
  }

  /** Marks pages to confirm, if their runs are still in the outbox. */
  markLate(pages: readonly QueuedPage[]): void {
    this.#late = new Set([...this.#late, ...pages.filter((page) => this.#pages.includes(page))]);
  }

  /** Their runs have left the outbox. */
  forget(pages: readonly QueuedPage[]): void {
    const gone = new Set(pages);
    this.#pages = this.#pages.filter((page) => !gone.has(page));
    this.#late = new Set([...this.#late].filter((page) => !gone.has(page)));
  }
}
