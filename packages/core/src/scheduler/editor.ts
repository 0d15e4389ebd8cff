import { ContentionError } from '../errors.js';
import type { Chance } from '../ports/chance.js';
import type { Clock } from '../ports/clock.js';
import type { JobChange, JobReading, JobRecords } from '../ports/job-records.js';

/** What was read of one job. */
export interface Found {
  /** The store's time of reading, ms. */
  readonly now: number;
  readonly stored: JobReading['jobs'][number];
  readonly tombstone: string | null;
}

/** What is decided from that. `change` null: nothing is to be written. */
interface Edit<Result> {
  readonly change: JobChange | null;
  readonly result: Result;
}

/** @param place of the job among those that are edited. */
export type DecideOne<Result> = (found: Found, place: number) => Edit<Result>;

const MAX_TRIES = 100;
/** How often a job may fire between its reading and its writing: the next time it is kept from firing. */
const TRIES_WITHOUT_HOLD = 2;
/** For how long at first, and at most: a reading counts for 10 s. */
const HOLD_MS = 1_000;
const MAX_HOLD_MS = 8_000;
/** How often one job may take too long. */
const MAX_STALE = 3;
/** How long a reading of the store's clock serves to compute its time. */
const CLOCK_READING_LIFE_MS = 1_000;

/**
 * Reads jobs, decides how they change, and writes that under a check that they did not change meanwhile. Jobs for which that failed are
 * read and decided again, the others are done. Jobs that fire again and again meanwhile are held for a moment. So each failed try of a held
 * job means that another client changed it.
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

  /** Returns the results in the order of the ids. @throws ContentionError */
  async edit<Result>(ids: readonly string[], decide: DecideOne<Result>): Promise<readonly Result[]> {
    const editing: Editing<Result> = { ids, decide, results: [], held: new Set() };
    await this.#edit([...ids.keys()], editing);
    return editing.results;
  }

  /**
   * The same for jobs that are taken not to be there: where the store's time is known, they are not read first. That they
   * are not there is checked as they are written.
   */
  async create<Result>(ids: readonly string[], decide: DecideOne<Result>): Promise<readonly Result[]> {
    const now = this.#knownNow();
    if (now === null) return this.edit(ids, decide);
    const editing: Editing<Result> = { ids, decide, results: [], held: new Set() };
    const { open } = await this.#try([...ids.keys()], editing, { now, jobs: [], tombstones: [] });
    if (open.length > 0) await this.#edit(open, editing);
    return editing.results;
  }

  /** The store's time, ms. */
  async now(): Promise<number> {
    return this.#knownNow() ?? (await this.#read([])).now;
  }

  async #edit<Result>(places: readonly number[], editing: Editing<Result>): Promise<void> {
    const { held } = editing;
    try {
      await this.#editAll(places, editing);
    } finally {
      // Without it they fire a moment later.
      if (held.size > 0) await this.#records.hold({ ids: [...held], ms: 0 }).catch(() => {});
    }
  }

  async #editAll<Result>(places: readonly number[], editing: Editing<Result>): Promise<void> {
    let open = places;
    let stale = 0;
    let skips = 0;
    for (let tries = 0; tries < MAX_TRIES && stale < MAX_STALE; tries++) {
      if (skips >= TRIES_WITHOUT_HOLD) await this.#hold(open, editing, skips - TRIES_WITHOUT_HOLD);
      const outcome = await this.#try(open, editing);
      open = outcome.open;
      if (open.length === 0) return;
      if (outcome.status === 'done') skips += 1;
      if (outcome.status !== 'stale') continue;
      stale += 1;
      if (open.length === 1) continue;
      // What takes too long for all of them may be done for half of them.
      const middle = Math.ceil(open.length / 2);
      await this.#editAll(open.slice(0, middle), editing);
      return this.#editAll(open.slice(middle), editing);
    }
    const named = open.map((place) => JSON.stringify(editing.ids[place])).join(', ');
    const why = stale >= MAX_STALE ? 'took longer than 10 s to read and decide' : 'changed by others again and again';
    throw new ContentionError(`job ${named.slice(0, 200)}: ${why} meanwhile; nothing was written of it: try again`);
  }

  /** Reads, decides and writes once. Returns what is still to be done. */
  async #try<Result>(
    open: readonly number[],
    { ids, decide, results, held }: Editing<Result>,
    guess?: JobReading,
  ): Promise<{ readonly status: 'done' | 'changed' | 'stale'; readonly open: readonly number[] }> {
    const { now, jobs, tombstones } = guess ?? (await this.#read(open.map((place) => ids[place] ?? '')));
    const changes: JobChange[] = [];
    const changing: { readonly place: number; readonly result: Result }[] = [];
    for (const [index, place] of open.entries()) {
      const found = { now, stored: jobs[index] ?? null, tombstone: tombstones[index] ?? null };
      const { change, result } = decide(found, place);
      if (change) {
        changes.push(change);
        changing.push({ place, result });
      } else results[place] = result;
    }
    if (changes.length === 0) return { status: 'done', open: [] };
    const outcome = await this.#records.put({ op: this.#chance.id(), readAt: now, changes });
    const left = outcome.status === 'done' ? new Set(outcome.left) : null;
    const stillOpen: number[] = [];
    for (const [index, { place, result }] of changing.entries()) {
      if (left?.has(index) ?? true) {
        stillOpen.push(place);
        continue;
      }
      results[place] = result;
      held.delete(ids[place] ?? '');
    }
    return { status: outcome.status, open: stillOpen };
  }

  async #hold<Result>(open: readonly number[], { ids, held }: Editing<Result>, doublings: number): Promise<void> {
    const holding = open.map((place) => ids[place] ?? '');
    for (const id of holding) held.add(id);
    await this.#records.hold({ ids: holding, ms: Math.min(MAX_HOLD_MS, HOLD_MS * 2 ** doublings) });
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

/** The jobs of one call, how each is decided, and the results so far. */
interface Editing<Result> {
  readonly ids: readonly string[];
  readonly decide: DecideOne<Result>;
  readonly results: Result[];
  /** Jobs that are kept from firing. */
  readonly held: Set<string>;
}
