import type { DeliveredRun } from '@carillon/core/internal';

/** Runs of one page of claims that are in their queues. */
export interface QueuedPage {
  /** Before they entered the outbox, by the store's clock, ms. */
  readonly since: number;
  readonly runs: readonly DeliveredRun[];
}

/**
 * Runs that are in their queues, and may still be in the outbox. Nearly all leave it as they start, before the leader looks again: to
 * take each page out of it as it is queued would be one call more for each.
 */
export class Queued {
  #pages: readonly QueuedPage[] = [];
  /** Those that a look at the outbox may have found there. */
  #late: ReadonlySet<QueuedPage> = new Set();

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

  /** A look at the outbox may have found them there. */
  markLate(pages: readonly QueuedPage[]): void {
    this.#late = new Set([...this.#late, ...pages]);
  }

  /** They have left the outbox. */
  forget(pages: readonly QueuedPage[]): void {
    const gone = new Set(pages);
    this.#pages = this.#pages.filter((page) => !gone.has(page));
    this.#late = new Set([...this.#late].filter((page) => !gone.has(page)));
  }
}
