import type { StoredSilence } from '@carillon/core/internal';
import { type Silence, silenceOf } from './silence.js';

interface SilenceParts {
  readonly jobStore: string;
  readonly read: () => Promise<readonly StoredSilence[]>;
}

/** The silences of a job store as they were read last. */
export class Silences {
  readonly #parts: SilenceParts;
  #known: readonly Silence[] = [];

  constructor(parts: SilenceParts) {
    this.#parts = parts;
  }

  get known(): readonly Silence[] {
    return this.#known;
  }

  /** Reads them now, including a silence that was just set. */
  async read(): Promise<void> {
    this.note(await this.#parts.read());
  }

  /** Takes silences that were read in another call. */
  note(stored: readonly StoredSilence[]): void {
    this.#known = stored.flatMap((one) => silenceOf(this.#parts.jobStore, one) ?? []);
  }
}
