import { type Last, type OpenStretch, readLast, type StretchLetter, writeLast } from '../job/open-stretches.js';

/** What is kept of one job, to be changed. */
export interface OwnLast extends Last {
  readonly open: Map<StretchLetter, OpenStretch>;
}

/** What is kept of the last outcomes of jobs, by job. A text is read once, and written again only when its text is needed. */
export class LastOutcomes {
  readonly #kept = new Map<string, string | OwnLast>();

  get(job: string): string | undefined {
    const kept = this.#kept.get(job);
    return typeof kept === 'object' ? writeLast(kept) : kept;
  }

  /** null if what is kept cannot be read. The caller may change it, and sets it then. */
  read(job: string): OwnLast | null {
    const kept = this.#kept.get(job);
    if (typeof kept === 'object') return kept;
    const last = readLast(kept ?? null);
    return last && { ...last, open: new Map(last.open) };
  }

  set(job: string, last: string | OwnLast): void {
    this.#kept.set(job, last);
  }

  delete(job: string): void {
    this.#kept.delete(job);
  }
}
