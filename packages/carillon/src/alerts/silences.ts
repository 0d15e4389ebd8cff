import type { StoredSilence } from '@carillon/core/internal';
import { type Silence, silenceOf } from './silence.js';

interface SilenceParts {
  readonly jobStore: string;
  readonly read: () => Promise<readonly StoredSilence[]>;
}

/** The silences of a job store, as they were read last. */
export class Silences {
  readonly #parts: SilenceParts;
  #known: readonly Silence[] = [];

  constructor(parts: SilenceParts) {
    this.#parts = parts;
  }

  get known(): readonly Silence[] {
    return this.#known;
  }

  /** Reads them now: a silence that was just set is among them. */
  async read(): Promise<void> {
    this.note(await this.#parts.read());
  }

  /** Those that were read with something else. */
  note(stored: readonly StoredSilence[]): void {
    this.#known = stored.flatMap((one) => silenceOf(this.#parts.jobStore, one) ?? []);
  }
}
