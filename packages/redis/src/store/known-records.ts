import { type Claim, type JobFault, mostRememberedJobs, type StoredJob, storedInstant } from '@carillon/core/internal';
import type { Reply } from './scripts.js';

/** The most characters of all records together. */
const MOST_CHARACTERS = 64 * 2 ** 20;
/** The share of all records that may be there before others are read ahead: a page of due jobs that are not known must not displace all. */
const AHEAD_SHARE = 0.75;
/** How long after it was read a record is trusted, ms. After that, what another program wrote in its place is found. */
const TRUSTED_MS = 10_000;
/** The same while more jobs are due than a page has. In a backlog, each job fires some seconds late: 10 s would be over at each third fire. */
const TRUSTED_IN_BACKLOG_MS = 60_000;

/** A page of due jobs that is read. */
interface Page {
  /** The store's clock, ms. */
  readonly now: number;
  /** Whether the page has as many jobs as it may have: others may be due, too. */
  readonly isFull: boolean;
}

interface KnownRecord {
  readonly job: StoredJob;
  /** The store's `rev` at which the record is known. */
  asOf: string;
  /** When it was read, by the store's clock, ms. */
  readAt: number;
}

/**
 * Records of jobs that a leader has read. The store's `rev` counts all changes of jobs: as long as it is the same, each record is, too. So
 * the store does not send records that are known, and a claim does not look at them. A server that took over from another may lack the last
 * changes, and count others with the same number. So no record is known after a connection was lost.
 */
export class KnownRecords {
  readonly #known = new Map<string, KnownRecord>();
  readonly #most: number;
  /** The number of characters of all records. */
  #characters = 0;
  /** The store's `rev` when it was read last. */
  #asOf = '';
  /** Whether all jobs of the last page of due jobs were known beforehand, and no job has changed since. */
  #isWhole = false;
  #lostConnections = 0;

  /** @param most how many records are kept. If more jobs than that fire in turn, each is forgotten before it fires again */
  constructor(most = mostRememberedJobs()) {
    this.#most = most;
  }

  /** The store's `rev` at which the records of the next page are likely to be known. '': the page must have them. */
  get asOf(): string {
    return this.#isWhole ? this.#asOf : '';
  }

  /** Forgets all records if connections were lost. @param count how many were, in all */
  noteLostConnections(count: number): void {
    if (count !== this.#lostConnections) this.forget();
    this.#lostConnections = count;
  }

  forget(): void {
    this.#clear();
    this.#isWhole = false;
  }

  /** Notes a page that has its records. */
  note(jobs: readonly (StoredJob | JobFault)[], rev: string, page: Page): void {
    if (jobs.length === 0) return;
    const { now } = page;
    this.#asOf = rev;
    this.#isWhole = true;
    for (const job of jobs) {
      const known = this.#known.get(job.id);
      if (!known || !this.#isTrusted(known, page)) this.#isWhole = false;
      if ('why' in job) this.#drop(job.id);
      else if (known) this.#renew(known, job, now);
      else this.#add(job, now);
    }
  }

  /** Notes jobs that are due soon: those of the next page may be among them. None takes the place of another. */
  noteAhead(soon: readonly (StoredJob | JobFault)[], rev: string, now: number): void {
    if (rev !== this.#asOf) this.#isWhole = false;
    this.#asOf = rev;
    for (const job of soon) {
      const known = this.#known.get(job.id);
      if ('why' in job) this.#drop(job.id);
      else if (known) this.#renew(known, job, now);
      else if (this.#hasRoom(job, AHEAD_SHARE)) this.#add(job, now);
    }
  }

  /** Returns a job of a page without records; null if it is not known. */
  read(id: string, reply: Reply, page: Page): StoredJob | null {
    const [, due, fire] = [reply.textOrNull(), reply.textOrNull(), reply.textOrNull()];
    const known = this.#known.get(id);
    const dueAt = storedInstant(due ?? '');
    const fireTime = fire === null ? dueAt : storedInstant(fire);
    if (known && dueAt !== null && fireTime !== null && this.#isTrusted(known, page)) {
      const { rev, generation, digest, json } = known.job;
      return { id, rev, generation, digest, json, pending: { fireTime, dueAt }, last: null };
    }
    this.#isWhole = false;
    return null;
  }

  /** Returns the store's `rev` at which all these jobs are known to be what their claims expect; '': some of them may not be. */
  asOfClaims(claims: readonly Claim[]): string {
    let asOf: string | undefined;
    let isKnown = true;
    for (const { id, expected, next } of claims) {
      const known = this.#known.get(id);
      asOf ??= known?.asOf;
      if (known?.job.rev !== expected.rev || known.asOf !== asOf) isKnown = false;
      // If many jobs end, they are forgotten page by page.
      if (!next) this.#drop(id);
    }
    return isKnown ? (asOf ?? '') : '';
  }

  #isTrusted({ asOf, readAt }: KnownRecord, { now, isFull }: Page): boolean {
    return asOf === this.#asOf && Math.abs(now - readAt) < (isFull ? TRUSTED_IN_BACKLOG_MS : TRUSTED_MS);
  }

  /** If nothing has changed, the older object stays: the garbage collector no longer moves it. */
  #renew(known: KnownRecord, job: StoredJob, now: number): void {
    if (known.job.rev !== job.rev || known.job.json !== job.json) {
      this.#drop(job.id);
      this.#add(job, now);
      return;
    }
    known.asOf = this.#asOf;
    known.readAt = now;
  }

  #add(job: StoredJob, now: number): void {
    if (!this.#hasRoom(job)) this.#clear();
    this.#known.set(job.id, { job, asOf: this.#asOf, readAt: now });
    this.#characters += job.json.length;
  }

  /** @param share of what may be there in all */
  #hasRoom(job: StoredJob, share = 1): boolean {
    const characters = this.#characters + job.json.length;
    return this.#known.size < share * this.#most && characters <= share * MOST_CHARACTERS;
  }

  #drop(id: string): void {
    this.#characters -= this.#known.get(id)?.job.json.length ?? 0;
    this.#known.delete(id);
  }

  #clear(): void {
    this.#known.clear();
    this.#characters = 0;
  }
}
