import type { CompiledTrigger } from '@carillon/core';
import {
  type DuePage,
  decodeJobInSteps,
  encodePayload,
  isFault,
  type JobDefinition,
  type JobFault,
  mostRememberedJobs,
  type Steps,
  type StoredJob,
  timingOf,
} from '@carillon/core/internal';
import { JobsAhead } from './jobs-ahead.js';
import { Remembered } from './remembered.js';
import { SharedTexts } from './shared-texts.js';

/** What is remembered of a job. Its `rev` and `json` show whether the job is still as it was read. */
export interface KnownJob {
  readonly rev: number;
  readonly json: string;
  readonly definition: JobDefinition;
  readonly compiled: CompiledTrigger;
  /** The payload of its runs that coalesce nothing. */
  readonly payload: string;
}

/** The most characters of all records and payloads that are remembered. */
const MOST_CHARACTERS = 64 * 2 ** 20;

/**
 * The jobs that a leader has read. Those that go on firing are remembered, so that they are not read again at each fire: to read one again takes
 * as long as to claim several. Those that are due soon are read ahead, and remembered until they fire. Each takes about 0.8 to 1.4 KB without
 * arguments, which add up to three times their size.
 */
export class KnownJobs {
  readonly #known = new Remembered<KnownJob>(
    mostRememberedJobs(),
    MOST_CHARACTERS,
    ({ json, payload }) => json.length + payload.length,
  );
  /** Those of the last page that end with this fire: a herd of such jobs is forgotten page by page. */
  readonly #ending = new Map<string, JobDefinition>();
  readonly #ahead = new JobsAhead<KnownJob>();
  readonly #payloads = new SharedTexts();

  /** What is remembered of a job of the last page; undefined means nothing. */
  definitionOf(id: string): JobDefinition | undefined {
    return this.#ending.get(id) ?? (this.#known.get(id) ?? this.#ahead.get(id))?.definition;
  }

  /** Whether another job that is read ahead fits in. */
  get hasRoomAhead(): boolean {
    return this.#ahead.hasRoom;
  }

  /** Forgets the jobs that ended with the page before, and those that were read ahead long ago. */
  beginPage(now: number): void {
    this.#ending.clear();
    this.#ahead.forget(now);
  }

  /** Forgets the jobs that were read ahead. */
  endTerm(): void {
    this.#ahead.clear();
  }

  /** A job that is still as it was read; undefined if it must be read again. */
  get(stored: DuePage['jobs'][number]): KnownJob | undefined {
    if (isFault(stored)) return undefined;
    const known = this.#known.get(stored.id);
    if (known && isAsRead(known, stored)) return known;
    const ahead = this.#ahead.get(stored.id);
    return ahead && isAsRead(ahead, stored) ? ahead : undefined;
  }

  /** Reads a job that is not known. */
  *read(stored: StoredJob): Steps<KnownJob | JobFault> {
    const read = yield* decodeJobInSteps(stored);
    if (isFault(read)) return read;
    const { definition, compiled } = read;
    const payload = this.#payloads.of(encodePayload(definition, timingOf(definition)));
    return { rev: stored.rev, json: stored.json, definition, compiled, payload };
  }

  /** Remembers a job that fires. @param goesOn whether it fires again */
  keep(id: string, known: KnownJob, goesOn: boolean): void {
    this.#ahead.delete(id);
    if (!goesOn) this.#ending.set(id, known.definition);
    else if (this.#known.get(id) !== known) this.#known.set(id, known);
  }

  /** Remembers a job until it fires. */
  keepAhead(id: string, known: KnownJob, dueAt: number): void {
    this.#ahead.set(id, known, dueAt);
  }
}

const isAsRead = ({ rev, json }: KnownJob, stored: StoredJob) => rev === stored.rev && json === stored.json;
