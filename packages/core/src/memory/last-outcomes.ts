import { type Last, readLast, writeLast } from '../job/open-stretches.js';

/** What is kept of the last outcomes of jobs, by job. A text is read once, and what was read is written as somebody asks for its text. */
export class LastOutcomes {
  readonly #kept = new Map<string, string | Last>();

  get(job: string): string | undefined {
    const kept = this.#kept.get(job);
    return typeof kept === 'object' ? writeLast(kept) : kept;
  }

  /** null: what is kept cannot be read. */
  read(job: string): Last | null {
    const kept = this.#kept.get(job);
    return typeof kept === 'object' ? kept : readLast(kept ?? null);
  }

  set(job: string, last: string | Last): void {
    this.#kept.set(job, last);
  }

  delete(job: string): void {
    this.#kept.delete(job);
  }
}
