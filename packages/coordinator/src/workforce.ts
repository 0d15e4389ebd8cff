import { type Clock, type Serving, servingOf, type TermStore } from '@carillon/core/internal';

/** What is known of workers is so old at most, ms. */
const KNOWN_MS = 200;

/** What a leader knows of the workers of its job store. It looks only if that matters, and now and then. */
export class Workforce {
  readonly #terms: Pick<TermStore, 'serving'>;
  readonly #clock: Clock;
  #known: ReadonlyMap<string, Serving> = new Map();
  #asked: ReadonlySet<string> = new Set();
  #at = Number.NEGATIVE_INFINITY;

  constructor({ terms, clock }: { readonly terms: Pick<TermStore, 'serving'>; readonly clock: Clock }) {
    this.#terms = terms;
    this.#clock = clock;
  }

  /** The workers of these executors, by alias. */
  async of(executors: ReadonlySet<string>): Promise<ReadonlyMap<string, Serving>> {
    const now = this.#clock.now();
    const isFresh = now - this.#at < KNOWN_MS && [...executors].every((executor) => this.#asked.has(executor));
    if (isFresh) return this.#known;
    this.#known = servingOf(await this.#terms.serving([...executors]));
    this.#asked = executors;
    this.#at = now;
    return this.#known;
  }
}
