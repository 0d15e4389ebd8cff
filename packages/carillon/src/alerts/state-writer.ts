import type { AlertRecords } from '@carillon/core/internal';
import type { Kept } from './kept.js';

/** Another process watches the job store now. */
export class LostPlaceError extends Error {}

/** Writes the changed parts of the kept state, one call at a time. After a failure it stops writing: the state must be read again. */
export class StateWriter {
  readonly #alerts: AlertRecords;
  readonly #kept: Kept;
  readonly #watcherId: string;
  #writing: Promise<void> = Promise.resolve();
  #fault: unknown;

  constructor(alerts: AlertRecords, kept: Kept, watcherId: string) {
    this.#alerts = alerts;
    this.#kept = kept;
    this.#watcherId = watcherId;
  }

  /** @throws Error if another process has the place, or it is not known what was written */
  write(): Promise<void> {
    const written = this.#writing.then(() => this.#write());
    this.#writing = written.catch(() => {});
    return written;
  }

  async #write(): Promise<void> {
    if (this.#fault) throw this.#fault;
    const fields = this.#kept.takeUnwritten();
    if (fields.size === 0) return;
    try {
      if (!(await this.#alerts.keep({ watcherId: this.#watcherId, fields }))) throw new LostPlaceError();
    } catch (error) {
      this.#fault = error;
      throw error;
    }
  }
}
