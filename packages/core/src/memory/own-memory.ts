import { type Clock, systemClock } from '../ports/clock.js';
import type { MemoryBackend } from './backend.js';
import { MemoryCluster } from './cluster.js';

/** So often leaders look at the clock on the wall, ms: somebody may have set it, or the machine may have slept. */
const LOOK_MS = 1_000;

/**
 * The clock of a process that keeps its jobs itself. Instants are those of the clock on the wall. The time of upkeep stands still: all members
 * live and die together, so no lease can end, however long a task blocks the event loop (docs/decisions/0009-time-of-upkeep.md).
 */
const ownClock: Clock = {
  now: () => Date.now(),
  after: systemClock.after,
  upkeep: { now: () => 0, after: () => () => {} },
};

/** The job stores that one process keeps in its memory: what `Carillon` has where no `redis` is given. */
export class OwnMemory {
  readonly #cluster = new MemoryCluster({ clock: ownClock, seed: null });
  #looking: NodeJS.Timeout | undefined;

  /** What one scheduler, coordinator or worker has of it. */
  connect(): MemoryBackend {
    return this.#cluster.connect();
  }

  /** From now on leaders look at the clock, which keeps the process alive. */
  start(): void {
    this.#looking ??= setInterval(() => this.#cluster.wakeLeaders(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
  }
}
