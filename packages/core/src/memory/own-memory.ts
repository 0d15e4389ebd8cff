import { wallClock } from '../ports/clock.js';
import type { MemoryBackend } from './backend.js';
import { MemoryCluster } from './cluster.js';

/** How often leaders look at the wall clock, ms. It may have been set, or the machine may have slept. */
const LOOK_MS = 1_000;

/** The job stores that one process keeps in its memory. `Carillon` uses them where no `redis` is given. */
export class OwnMemory {
  readonly #cluster = new MemoryCluster({ clock: wallClock, seed: null });
  #cancelLook: (() => void) | undefined;

  /** Returns a backend for one scheduler, coordinator or worker. */
  connect(): MemoryBackend {
    return this.#cluster.connect();
  }

  /** Makes leaders look at the clock from now on. This keeps the process alive. */
  start(): void {
    if (!this.#cancelLook) this.#lookLater();
  }

  stop(): void {
    this.#cancelLook?.();
    this.#cancelLook = undefined;
  }

  #lookLater(): void {
    this.#cancelLook = wallClock.after(LOOK_MS, () => {
      this.#cluster.wakeLeaders();
      this.#lookLater();
    });
  }
}
