import { wallClock } from '../ports/clock.js';
import type { MemoryBackend } from './backend.js';
import { MemoryCluster } from './cluster.js';

/** How often leaders look at the wall clock, ms: it may have been set, or the machine may have slept. */
const LOOK_MS = 1_000;

/** The job stores that one process keeps in its memory: what `Carillon` has where no `redis` is given. */
export class OwnMemory {
  readonly #cluster = new MemoryCluster({ clock: wallClock, seed: null });
  #cancelLook: (() => void) | undefined;

  /** What one scheduler, coordinator or worker has of it. */
  connect(): MemoryBackend {
    return this.#cluster.connect();
  }

  /** From now on leaders look at the clock, which keeps the process alive. */
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
