import type { Formats } from '../format.js';
import { systemChance } from '../ports/chance.js';
import { type Clock, systemClock, upkeepOf } from '../ports/clock.js';
import type { Channel } from '../ports/event-bus.js';
import type { MeasuredExecutor } from '../ports/store-measure.js';
import { MemoryBackend } from './backend.js';
import { type Contents, contentsOf } from './contents.js';
import { type Carry, Line, type OnStep } from './line.js';
import { type OnPublish, Places } from './places.js';
import { SeededChance } from './seeded-chance.js';
import { Upkeep } from './upkeep.js';
import { VirtualClock } from './virtual-clock.js';

export interface MemoryClusterOptions {
  /** The clock of all members: a `VirtualClock` for tests; default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** The seed of all ids: with the same seed, and the same order of events, the ids are the same. null means random ids, which no other process has. */
  readonly seed?: string | null | undefined;
  /** Called with each published message, in order; see `OnPublish`. */
  readonly onPublish?: OnPublish | undefined;
}

export interface MemoryUserOptions {
  /** Called at each step of each call; see `OnStep`. */
  readonly onStep?: OnStep | undefined;
  /** Replaces the line between this user and the cluster, `onStep` included; see `Carry`. */
  readonly carry?: Carry | undefined;
  /** The time in this user's process; default: the cluster's clock. */
  readonly clock?: Clock | undefined;
  /** Formats that this user reads; default: those of this release. It simulates an older or a newer release in the same cluster. */
  readonly formats?: Formats | undefined;
}

/** What happens to a record. With `newer`, it becomes a record as a newer release would write it. */
export type Damage = 'job' | 'run' | 'waiting' | 'newer job' | 'newer run' | 'newer body' | 'lost run';

/**
 * Keeps in memory, by the same rules, what Redis keeps: job stores, their ledgers, queues, events and leaderships. Each scheduler, coordinator and
 * worker gets a backend of its own.
 */
export class MemoryCluster {
  readonly #clock: Clock;
  readonly #seed: string | null;
  readonly #places: Places;
  readonly #upkeep: Upkeep;
  #users = 0;

  constructor({ clock = systemClock, seed = 'carillon', onPublish }: MemoryClusterOptions = {}) {
    this.#clock = clock;
    this.#seed = seed;
    this.#places = new Places(clock, onPublish);
    this.#upkeep = new Upkeep(upkeepOf(clock), () => this.#places.hasSeveralCoordinators);
    if (clock instanceof VirtualClock) clock.watchUpkeep(this.#upkeep);
  }

  /** Returns a backend for one user, who may close it. */
  connect({ onStep, carry, clock, formats }: MemoryUserOptions = {}): MemoryBackend {
    this.#users += 1;
    const upkeep = this.#upkeep;
    const line = new Line(clock ?? this.#clock, { onStep, carry, upkeep });
    if (onStep ?? carry ?? clock) line.onEnd(upkeep.watch());
    return new MemoryBackend({
      line,
      places: this.#places,
      upkeep,
      formats,
      chance: this.#seed === null ? systemChance : new SeededChance(`${this.#users} ${this.#seed}`),
    });
  }

  /** Aliases of the job stores that schedulers and coordinators have made known. */
  get jobStores(): readonly string[] {
    return [...this.#places.known];
  }

  /** Makes the leaders look for due jobs now. The clock may show another time than the one they expected when they went to sleep. */
  wakeLeaders(): void {
    this.#places.wakeLeaders();
  }

  /** The contents of a job store at this instant, read without a call to it. */
  contents(jobStore: string): Contents {
    return contentsOf(this.#places.get(jobStore).state);
  }

  /** Whether an executor's queue has an unfinished delivery with this id. */
  isQueued(jobStore: string, executor: string, deliveryId: string): boolean {
    return this.#places.get(jobStore).queues.get(executor).has(deliveryId);
  }

  /** The measures of an executor's queue. */
  measureQueue(jobStore: string, executor: string): Omit<MeasuredExecutor, 'executor'> {
    return this.#places.get(jobStore).queues.get(executor).measure();
  }

  /** Publishes a message as the job store itself does: the present subscribers of the channel get it once the caller is done. */
  publish(jobStore: string, channel: Channel, message: string): void {
    this.#places.get(jobStore).state.channels.publish(channel, message);
  }

  /**
   * Makes the record of a job or a run, or the body of a run, unreadable, or as a newer release would write it. Or deletes the record of a run, or
   * the entry that names the waiting run of a job. Tests use it to see what happens then. Returns whether there was such a record.
   */
  damage(jobStore: string, kind: Damage, id: string): boolean {
    const { jobs, runs, waiting } = this.#places.get(jobStore).state;
    this.#upkeep.disturb();
    if (kind === 'waiting') return waiting.delete(id);
    if (kind === 'lost run') return runs.delete(id);
    const job = kind.endsWith('job') ? jobs.get(id) : undefined;
    const run = kind.endsWith('run') || kind === 'newer body' ? runs.get(id) : undefined;
    const newer = kind.startsWith('newer') ? { newer: true as const } : {};
    if (job) jobs.set(id, { damaged: true, order: job.order, ...newer });
    if (run) runs.set(id, kind === 'newer body' ? { ...run, newerBody: true } : { ...run, damaged: true, ...newer });
    return job !== undefined || run !== undefined;
  }
}
