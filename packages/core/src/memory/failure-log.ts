import type { Failure, KeptRun } from '../ports/job-records.js';
import type { NewRun } from '../ports/ledger.js';
import { encodeBody, historyText } from '../run/record.js';

const MOST = 10_000;
const MOST_BYTES = 16 * 1024 * 1024;
/** The largest body of a run that is kept for running it again. */
const LARGE_BODY_BYTES = 16_384;
/** At most this many failures are dropped at once. The next failures drop the others. */
const AT_ONCE = 10;

interface Entry extends Failure {
  readonly at: number;
  readonly bytes: number;
}

/** The failures in a job store, bounded in number, bytes and age. */
export class FailureLog {
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  #bytes = 0;
  #count = 0;
  #expiresAt = 0;

  append(message: string, run: NewRun & { readonly damaged: boolean }, at: number, ageMs: number): void {
    if (this.#expiresAt <= at) this.#clear();
    const body = encodeBody(run);
    const isKept = !run.damaged && Buffer.byteLength(body) <= LARGE_BODY_BYTES;
    const kept = isKept ? [policyText(run), body] : [];
    const bytes = [message, ...kept].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    this.#count += 1;
    this.#entries.push({ id: `${this.#count}-0`, message, run: isKept ? keptRun(run) : null, at, bytes });
    this.#bytes += bytes;
    this.#expiresAt = at + ageMs;
    this.#dropOldest(at - ageMs);
  }

  /** Returns failures newest first, from before the one with this id. */
  newest(before: string | null, limit: number, now: number): readonly Failure[] {
    if (this.#expiresAt <= now) this.#clear();
    const older = before === null ? this.#entries : this.#entries.filter(({ id }) => countOf(id) < countOf(before));
    return older
      .slice(-limit)
      .reverse()
      .map(({ id, message, run }) => ({ id, message, run }));
  }

  #dropOldest(oldest: number): void {
    for (let count = 0; count < AT_ONCE && this.#entries.length > 1; count++) {
      const [first] = this.#entries;
      const isTooMuch = this.#entries.length > MOST || this.#bytes > MOST_BYTES || (first?.at ?? 0) < oldest;
      if (!isTooMuch) return;
      this.#entries.shift();
      this.#bytes -= first?.bytes ?? 0;
    }
  }

  #clear(): void {
    this.#entries.length = 0;
    this.#bytes = 0;
  }
}

function policyText({ maxInstances, overlap, executor, priority, history }: NewRun): string {
  return [maxInstances, overlap, executor, priority, historyText(history)].join(' ');
}

function keptRun({ maxInstances, overlap, executor, priority, history, payload }: NewRun): KeptRun {
  return { maxInstances, overlap, executor, priority, history, payload };
}

const countOf = (id: string) => Number(id.split('-')[0]);
