import { type Clock, systemClock } from '../ports/clock.js';
import { MemoryBackend } from './backend.js';
import { Line, type OnStep } from './line.js';
import { Places } from './places.js';
import { SeededChance } from './seeded-chance.js';

export interface MemoryClusterOptions {
  /** The one clock of everybody; a `VirtualClock` for tests, the system's where it is left out. */
  readonly clock?: Clock | undefined;
  /** Ids are the same whenever the seed, and the order of what happens, is. */
  readonly seed?: string | undefined;
}

export interface MemoryUserOptions {
  /** Called at each step of each call; see `OnStep`. */
  readonly onStep?: OnStep | undefined;
}

/**
 * Everything that Redis keeps, in memory, with the same rules: job stores, their ledgers, queues, events and leaderships. Each
 * scheduler, coordinator and worker gets a backend of its own.
 */
export class MemoryCluster {
  readonly #clock: Clock;
  readonly #seed: string;
  readonly #places: Places;
  #users = 0;

  constructor({ clock = systemClock, seed = 'carillon' }: MemoryClusterOptions = {}) {
    this.#clock = clock;
    this.#seed = seed;
    this.#places = new Places(clock);
  }

  /** A backend for one user, who may close it. */
  connect({ onStep }: MemoryUserOptions = {}): MemoryBackend {
    this.#users += 1;
    return new MemoryBackend(
      new Line(this.#clock, onStep),
      this.#places,
      new SeededChance(`${this.#users} ${this.#seed}`),
    );
  }

  /** Aliases of the job stores that schedulers and coordinators have made known. */
  get jobStores(): readonly string[] {
    return [...this.#places.known];
  }

  /** Makes the record of a job or a run unreadable, to see what becomes of it. Answers whether there was one. */
  damage(jobStore: string, kind: 'job' | 'run', id: string): boolean {
    const { jobs, runs } = this.#places.get(jobStore).state;
    const job = kind === 'job' ? jobs.get(id) : undefined;
    const run = kind === 'run' ? runs.get(id) : undefined;
    if (job) jobs.set(id, { damaged: true, order: job.order });
    if (run) runs.set(id, { ...run, damaged: true });
    return job !== undefined || run !== undefined;
  }
}
