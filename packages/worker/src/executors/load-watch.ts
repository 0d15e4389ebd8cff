import { type Clock, OutageWatch, systemClock } from '@carillon/core/internal';
import type { Unserved } from './task-runner.js';

/** A module that takes longer to load is reported. */
export const SLOW_MS = 5_000;

/** A call that waits for its thread or child process to have the tasks. */
export interface Loading {
  /** The tasks are loaded. */
  done(): void;
  failed(why: string): void;
  /** The call ended for a reason of its own. */
  gone(): void;
}

/** Watches the threads and child processes of an executor load the module of the tasks. */
export class LoadWatch {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #onSlow: () => void;
  readonly #failure: OutageWatch;
  /** Since when each call waits. */
  readonly #waiting = new Map<Loading, number>();
  /** Whether a slow load was reported, and no load has ended since. */
  #isSlow = false;

  /** @param onSlow called at most once until a load ends. */
  constructor(clock: Pick<Clock, 'now'>, onSlow: () => void) {
    this.#clock = clock;
    this.#onSlow = onSlow;
    this.#failure = new OutageWatch(clock);
  }

  /** null if the tasks are loaded, were not needed yet, or have not been loading for long. */
  get unserved(): Unserved | null {
    const { outage } = this.#failure;
    if (outage) return { ...outage, reason: 'tasks_not_loaded' };
    const since = Math.min(...this.#waiting.values());
    if (this.#clock.now() - since < SLOW_MS || this.#waiting.size === 0) return null;
    return { since, reason: 'tasks_loading', why: 'the module of the tasks has not finished loading' };
  }

  begin(): Loading {
    const cancel = systemClock.after(SLOW_MS, () => {
      if (!this.#isSlow) this.#onSlow();
      this.#isSlow = true;
    });
    const end = () => {
      cancel();
      return this.#waiting.delete(loading);
    };
    const loading: Loading = {
      done: () => {
        if (!end()) return;
        this.#isSlow = false;
        this.#failure.ended();
      },
      failed: (why) => {
        if (!end()) return;
        this.#isSlow = false;
        this.#failure.began(why);
      },
      gone: () => void end(),
    };
    this.#waiting.set(loading, this.#clock.now());
    return loading;
  }
}
