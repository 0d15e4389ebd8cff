import type { Asked } from '../operations/intent.js';
import type { Note } from './acts.js';
import type { Fault } from './effect.js';
import type { Runs } from './runs.js';

/** Keeps the dedupe keys of runs: while a window is open, the run that opened it is the only one. */
export class Windows {
  readonly #fault: Fault;
  readonly #note: Note;
  readonly #runs: Runs;
  readonly #open = new Map<string, { readonly runId: string; readonly until: number }>();

  constructor(fault: Fault, note: Note, runs: Runs) {
    this.#fault = fault;
    this.#note = note;
    this.#runs = runs;
  }

  /** Whether the run is a duplicate. Reports a fault if the answer differs. */
  isTaken({ intent }: Asked, runId: string, answer: unknown, at: number): boolean {
    const dedupe = intent.kind === 'enqueue' ? intent.dedupe : undefined;
    const key = intent.kind === 'enqueue' && dedupe ? JSON.stringify([intent.task, dedupe.key]) : null;
    const window = key === null ? undefined : this.#open.get(key);
    const first = window && window.until > at ? window.runId : null;
    const is = (answer as { readonly duplicateOf?: string }).duplicateOf ?? null;
    if (is !== first) this.#fault(`a submission was answered that it is ${is}, which should be ${first}`);
    if (first !== null)
      this.#note(this.#runs.ends.has(first) ? 'asked for again, once it had ended' : 'asked for again');
    if (first === null && key !== null && dedupe) this.#open.set(key, { runId, until: at + dedupe.for });
    return first !== null;
  }
}
