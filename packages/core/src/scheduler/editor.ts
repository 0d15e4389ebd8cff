import { ContentionError } from '../errors.js';
import type { Chance } from '../ports/chance.js';
import type { Clock } from '../ports/clock.js';
import type { JobChange, JobReading, JobRecords } from '../ports/job-records.js';

/** What is decided from a reading. */
export interface Edit<Result> {
  readonly changes: readonly JobChange[];
  readonly result: Result;
}

const MAX_TRIES = 100;
/** How long a reading of the store's clock serves to tell its time. */
const CLOCK_READING_LIFE_MS = 1_000;

/**
 * Reads jobs, decides what becomes of them, and writes that under a check that nobody changed them meanwhile: else it
 * reads and decides again. Each failed try means that another change succeeded.
 */
export class Editor {
  readonly #records: JobRecords;
  readonly #chance: Chance;
  readonly #clock: Clock;
  #storeClock: { readonly now: number; readonly readAt: number } | undefined;

  constructor(records: JobRecords, chance: Chance, clock: Clock) {
    this.#records = records;
    this.#chance = chance;
    this.#clock = clock;
  }

  /** @throws ContentionError */
  async edit<Result>(ids: readonly string[], decide: (reading: JobReading) => Edit<Result>): Promise<Result> {
    return this.#edit(ids, decide, undefined);
  }

  /**
   * The same for jobs that are taken not to be there: where the store's time is known, they are not read first. That they
   * are not there is checked as they are written.
   */
  async create<Result>(ids: readonly string[], decide: (reading: JobReading) => Edit<Result>): Promise<Result> {
    const now = this.#knownNow();
    const nothing = ids.map(() => null);
    return this.#edit(ids, decide, now === null ? undefined : { now, jobs: nothing, tombstones: nothing });
  }

  /** The store's time, ms. */
  async now(): Promise<number> {
    return this.#knownNow() ?? (await this.#read([])).now;
  }

  async #edit<Result>(
    ids: readonly string[],
    decide: (reading: JobReading) => Edit<Result>,
    guess: JobReading | undefined,
  ): Promise<Result> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const reading = tries === 0 && guess ? guess : await this.#read(ids);
      const { changes, result } = decide(reading);
      if (changes.length === 0) return result;
      const { status } = await this.#records.put({ op: this.#chance.id(), readAt: reading.now, changes });
      if (status === 'done') return result;
    }
    const named = ids.map((id) => JSON.stringify(id)).join(', ');
    throw new ContentionError(
      `job ${named.slice(0, 200)}: changed by others ${MAX_TRIES} times meanwhile; nothing was written: try again`,
    );
  }

  async #read(ids: readonly string[]): Promise<JobReading> {
    const reading = await this.#records.read(ids);
    this.#storeClock = { now: reading.now, readAt: this.#clock.now() };
    return reading;
  }

  #knownNow(): number | null {
    if (!this.#storeClock) return null;
    const age = this.#clock.now() - this.#storeClock.readAt;
    return age >= 0 && age < CLOCK_READING_LIFE_MS ? this.#storeClock.now + Math.floor(age) : null;
  }
}
