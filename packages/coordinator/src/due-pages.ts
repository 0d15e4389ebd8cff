import type { Clock, DuePage, TermStore } from '@carillon/core/internal';
import type { OnTheWay } from './dispatch.js';

const JOBS_A_PAGE = 200;
/** How old a page that was requested ahead may be when it is used, ms. */
const FRESH_MS = 100;

interface Parts {
  readonly terms: Pick<TermStore, 'due'>;
  readonly clock: Clock;
  readonly onTheWay: () => OnTheWay;
}

/** A page of due jobs, and what was known as it was asked for. */
interface Look {
  readonly page: DuePage;
  readonly onTheWay: OnTheWay;
  /** When it was here, by the leader's clock, ms. */
  readonly readAt: number;
}

/**
 * Reads a leader's pages of due jobs one after the other. If more are due than a page takes, the next page is requested right
 * behind the claim of this one, before the claim is answered: the leader waits once for both.
 */
export class DuePages {
  readonly #parts: Parts;
  #ahead: Promise<Look> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Returns the next page: the one that was requested ahead, if it is fresh. */
  async next(): Promise<Look> {
    const asked = this.#ahead;
    this.#ahead = undefined;
    const ahead = await asked;
    const isFresh = ahead && this.#parts.clock.now() - ahead.readAt < FRESH_MS;
    return isFresh ? ahead : this.#ask();
  }

  /**
   * Asks for the next page, once a claim was sent. A store that handles this request first returns the same jobs again; their claims are
   * skipped then.
   * @param since a time before the runs of that claim enter the outbox, by the store's clock, ms
   */
  askAhead(since: number): void {
    this.#ahead = this.#ask(since);
    // Its reader gets the error if it fails. There may be no reader.
    this.#ahead.catch(() => {});
  }

  /** What was asked for ahead is not used. */
  forget(): void {
    this.#ahead = undefined;
  }

  async #ask(since: number | null = null): Promise<Look> {
    const { terms, clock } = this.#parts;
    const known = this.#parts.onTheWay();
    const instants = [known.since, since].filter((instant) => instant !== null);
    const onTheWay = { ...known, since: instants.length > 0 ? Math.min(...instants) : null };
    const page = await terms.due(JOBS_A_PAGE);
    return { page, onTheWay, readAt: clock.now() };
  }
}
