import { mostRememberedJobs } from '@carillon/core/internal';

/** The most characters of all records and payloads. */
const MOST_CHARACTERS = 32 * 2 ** 20;
/** How long a job may wait once it is due, ms. After that it was changed or removed, or another leader claimed it. */
const WAITS_MS = 60_000;

/** What is known of a job. */
interface Known {
  readonly json: string;
  readonly payload: string;
}

/** The jobs that a leader has read before they are due. None takes the place of another. Each is here until it fires. */
export class JobsAhead<T extends Known> {
  readonly #jobs = new Map<string, { readonly known: T; readonly dueAt: number }>();
  readonly #most: number;
  readonly #mostCharacters: number;
  #characters = 0;

  /** They are kept for a short time: half as many as of those that go on firing. */
  constructor(most = mostRememberedJobs() / 2, mostCharacters = MOST_CHARACTERS) {
    this.#most = most;
    this.#mostCharacters = mostCharacters;
  }

  /** Whether another job fits in; one that is large may be the last. */
  get hasRoom(): boolean {
    return this.#jobs.size < this.#most && this.#characters < this.#mostCharacters;
  }

  get(id: string): T | undefined {
    return this.#jobs.get(id)?.known;
  }

  set(id: string, known: T, dueAt: number): void {
    this.delete(id);
    this.#jobs.set(id, { known, dueAt });
    this.#characters += charactersOf(known);
  }

  delete(id: string): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    this.#jobs.delete(id);
    this.#characters -= charactersOf(job.known);
  }

  /** Forgets jobs that were due long ago, and did not fire. They were read in the order in which they are due. */
  forget(now: number): void {
    for (const [id, { dueAt }] of this.#jobs) {
      if (dueAt > now - WAITS_MS) return;
      this.delete(id);
    }
  }

  clear(): void {
    this.#jobs.clear();
    this.#characters = 0;
  }
}

const charactersOf = ({ json, payload }: Known) => json.length + payload.length;
