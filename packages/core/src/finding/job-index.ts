import { parseEvent } from '../event/schema.js';
import type { Report } from '../log.js';
import { type Clock, upkeepOf } from '../ports/clock.js';
import type { JobMatch } from '../ports/job-match.js';
import type { EventPosition, JobFault, LoggedEvent, StoredJob } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';
import { JobLines } from './job-lines.js';
import { lineOf, lineTracesOf } from './line.js';

/** How much the memory of a process holds of the jobs of a job store. */
export interface JobIndexSize {
  /** How many jobs have texts in the index. A job that changed after the index was built counts once more. */
  readonly jobs: number;
  /** How many characters these texts have. A character takes one byte, or two where a text near it has characters outside Latin-1. */
  readonly characters: number;
}

export interface JobIndexParts {
  readonly store: JobStore;
  readonly clock: Clock;
  readonly report: Report;
  /** How many jobs a search checks without the index. The index is useful for more jobs than that. */
  readonly worthwhile: number;
  /** The index is not built if the texts have more characters than this. */
  readonly mostCharacters?: number;
}

const MOST_CHARACTERS = 256 * 1024 * 1024;
const JOBS_PER_PAGE = 1_000;
const EVENTS_PER_PAGE = 1_000;
/** How often the log is read, even without a search. The log keeps about 20,000 events. */
const FOLLOW_MS = 1_000;
/** After how long without a search the index is dropped. */
const KEEP_MS = 15 * 60_000;
/** The index is built again when more lines were added than this number plus the number of lines that it was built with. */
const MOST_ADDED = 10_000;

/** A built index. It follows the log from a position. */
interface Built {
  readonly lines: JobLines;
  readonly builtWith: number;
  position: EventPosition;
}

/**
 * Finds the jobs of one job store that contain certain texts, in the memory of this process. It reads all records once. After that, it reads the
 * records that the log says have changed. Each search first reads the log up to its end, so it finds everything that was written before it began.
 */
export class JobIndex {
  readonly #parts: JobIndexParts;
  #built: Built | null = null;
  #building: Promise<JobIndexSize | null> | null = null;
  #caughtUp: Promise<void> = Promise.resolve();
  #cancelFollow = () => {};
  #usedAt = 0;
  #isClosed = false;

  constructor(parts: JobIndexParts) {
    this.#parts = parts;
  }

  /** Resolves once the index is there; null if it is not built: there are few jobs, their texts are too long, or the log is too short. */
  async prepare(): Promise<JobIndexSize | null> {
    this.#usedAt = this.#parts.clock.now();
    return this.#built ? sizeOf(this.#built) : this.#start();
  }

  /** Returns the ids of all jobs that may match, at most `most`; null if they are not known, or if there are more. */
  async idsOf(match: JobMatch, most: number): Promise<ReadonlySet<string> | null> {
    const traces = lineTracesOf(match);
    if (!traces || !this.#built) return null;
    this.#usedAt = this.#parts.clock.now();
    await this.#catchUp();
    return (await this.#built?.lines.idsWith(traces, most)) ?? null;
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  #drop(): void {
    this.#built = null;
    this.#cancelFollow();
  }

  /** Builds an index. The present one is used until the new one takes its place. */
  #start(): Promise<JobIndexSize | null> {
    this.#building ??= this.#build().finally(() => {
      this.#building = null;
    });
    return this.#building;
  }

  #startAside(): void {
    void this.#start().catch((error) => this.#failed(error));
  }

  async #build(): Promise<JobIndexSize | null> {
    const { store, clock, worthwhile, mostCharacters = MOST_CHARACTERS } = this.#parts;
    const { counts } = await store.records.inspect({ runs: 0, quarantined: 0 });
    if (counts.jobs <= worthwhile) return null;
    // The log has everything that is written from here on.
    const [newest] = await store.records.newest({ before: null, limit: 1 });
    const built: Built = { lines: new JobLines(), builtWith: 0, position: newest ? { id: newest.id } : { before: 0 } };
    const { lines } = built;
    let readAt = clock.now();
    let cursor = '0';
    do {
      const page = await store.records.everyJob({ cursor, limit: JOBS_PER_PAGE });
      addTo(lines, page.jobs);
      cursor = page.cursor;
      if (this.#isClosed || lines.length > mostCharacters) return null;
      if (clock.now() - readAt < FOLLOW_MS && cursor !== '0') continue;
      readAt = clock.now();
      if (!(await readLog(store, built))) return null;
    } while (cursor !== '0');
    this.#built = { ...built, builtWith: lines.count };
    this.#follow();
    return sizeOf(built);
  }

  /** Reads the log up to its end, one call after the other: it reads everything that was written before this call. */
  #catchUp(): Promise<void> {
    const caughtUp = this.#caughtUp.then(async () => {
      const built = this.#built;
      if (!built || (await readLog(this.#parts.store, built)) || this.#built !== built) return;
      // Events are missing, so any job may have changed.
      this.#drop();
      this.#startAside();
    });
    this.#caughtUp = caughtUp.catch(() => {});
    return caughtUp;
  }

  #follow(): void {
    this.#cancelFollow();
    if (this.#isClosed) {
      this.#drop();
      return;
    }
    this.#cancelFollow = upkeepOf(this.#parts.clock).after(FOLLOW_MS, () => void this.#followOnce());
  }

  async #followOnce(): Promise<void> {
    if (this.#parts.clock.now() - this.#usedAt > KEEP_MS) return this.#drop();
    await this.#catchUp().catch((error) => this.#failed(error));
    if (!this.#built) return;
    if (hasGrown(this.#built)) this.#startAside();
    this.#follow();
  }

  #failed(error: unknown): void {
    const { report, store } = this.#parts;
    if (!this.#isClosed) report({ kind: 'log_failed', jobStore: store.alias, error });
  }
}

/** Adds the jobs that have changed since the position. Returns false if the log does not go back that far. */
async function readLog({ records }: JobStore, built: Built): Promise<boolean> {
  for (;;) {
    const page = await records.events({ after: built.position, limit: EVENTS_PER_PAGE });
    if (page.gap) return false;
    const changed = changedIn(page.events);
    if (changed.length > 0) addTo(built.lines, (await records.read(changed)).jobs);
    const last = page.events.at(-1);
    if (last) built.position = { id: last.id };
    if (page.events.length < EVENTS_PER_PAGE) return true;
  }
}

const sizeOf = ({ lines }: Built): JobIndexSize => ({ jobs: lines.count, characters: lines.length });

const hasGrown = ({ lines, builtWith }: Built) => lines.count > 2 * builtWith + MOST_ADDED;

function addTo(lines: JobLines, jobs: readonly (StoredJob | JobFault | null)[]): void {
  for (const job of jobs) {
    const line = job && !('why' in job) ? lineOf(job.id, job.json) : null;
    if (line !== null) lines.add(line);
  }
}

/** Returns the ids of the jobs whose texts may have changed. Most events are about runs, and are not parsed. */
function changedIn(events: readonly LoggedEvent[]): readonly string[] {
  const ids = new Set<string>();
  for (const { message } of events) {
    if (!/"job_(?:added|modified)"/.test(message)) continue;
    const event = parseEvent(message);
    if (event?.type === 'job_added' || event?.type === 'job_modified') ids.add(event.jobId);
  }
  return [...ids];
}
