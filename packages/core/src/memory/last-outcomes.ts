import { type Last, type OpenStretch, readLast, type StretchLetter, writeLast } from '../job/open-stretches.js';

/** The data of one job in a form that can be changed. */
export interface OwnLast extends Last {
  readonly open: Map<StretchLetter, OpenStretch>;
}

/** The last outcomes of jobs, by job. A text is read once, and written again only when a caller asks for it. */
export class LastOutcomes {
  readonly #kept = new Map<string, string | OwnLast>();

  get(job: string): string | undefined {
    const kept = this.#kept.get(job);
    return typeof kept === 'object' ? writeLast(kept) : kept;
  }

  /** Returns the data of a job; null if its text cannot be read. A caller that changes it calls `set` afterwards. */
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
