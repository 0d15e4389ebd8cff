import { systemClock } from '@carillon/core/internal';

/** Limits how long a thread or child process may take to load the tasks. */
export class LoadLimit {
  readonly #onLate: () => void;
  #isSet = false;
  #cancel: () => void = () => {};

  constructor(onLate: () => void) {
    this.#onLate = onLate;
  }

  /** Sets a limit from now on, ms, in place of an earlier one. */
  set(ms: number): void {
    this.#cancel();
    this.#isSet = true;
    this.#cancel = systemClock.after(ms, () => {
      // While this process was busy, news may have come that is not read yet.
      setImmediate(() => {
        if (this.#isSet) this.#onLate();
      });
    });
  }

  lift(): void {
    this.#isSet = false;
    this.#cancel();
  }
}
