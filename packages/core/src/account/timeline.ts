import type { Pending, StoredJob, UnreadableJob } from '../ports/job-records.js';
import type { CompiledTrigger } from '../trigger/index.js';
import { type RecordedChange, readSince, recordBefore } from './change.js';
import { decodeEntry, type Entry } from './entry.js';
import { OutcomeIndex } from './outcome-index.js';
import { type DatedRecord, dated, decodeRecorded, lastOf, type Recorded } from './recorded.js';
import { type Deed, type Revision, revisionOf } from './revision.js';

/** What is stored of a job, its past among it. Instants are ms of the store's clock. */
export interface AccountOfJob {
  readonly id: string;
  readonly now: number;
  /** null: it is not there. */
  readonly job: StoredJob | UnreadableJob | null;
  /** Texts of its open stretches. */
  readonly open: readonly string[];
  /** Oldest first. */
  readonly entries: readonly string[];
  /** From when on all that happened was recorded; null: it is not. */
  readonly from: number | null;
  /** How many live runs it counts; left out: none. */
  readonly instances?: number;
}

/** What was and is of a job. Instants are ms. */
export interface Timeline {
  readonly id: string;
  readonly now: number;
  /** Oldest first. */
  readonly revisions: readonly Revision[];
  /** By first fire time. */
  readonly recorded: readonly DatedRecord[];
  /** The same, by fire time. */
  readonly outcomes: OutcomeIndex;
  /** Fire times before it may have had outcomes that are not known. Infinity: nothing is recorded. */
  readonly speaksFrom: number;
  /** Before it, nothing is known of what the job was. */
  readonly knownFrom: number;
  readonly pending: Pending | null;
  /** How many live runs hold a place of the job. */
  readonly instances: number;
  /** While it was in quarantine; `to` is null where it is not back. */
  readonly quarantined: readonly { readonly from: number; readonly to: number | null }[];
  /** What of the account cannot be read, and why. */
  readonly unreadable: readonly string[];
}

type Raw = Readonly<Record<string, unknown>>;

/** A revision of which all is known but how it began. */
interface Latter {
  readonly rev: number;
  readonly generation: number;
  readonly record: Raw;
  readonly to: number | null;
  readonly ended: Deed | null;
  readonly owed: number | null;
}

/** Goes back from how a job is, change by change. */
export function timelineOf(account: AccountOfJob): Timeline {
  const { id, now, job } = account;
  const unreadable: string[] = [];
  const entries = decodedOf(account.entries, decodeEntry, unreadable);
  const open = decodedOf(account.open, decodeRecorded, unreadable);
  const present = job && !('why' in job) ? job.generation : null;
  const going = open.map((one) => dated(one, null, present));
  const recorded = closedOf(entries, present)
    .concat(going)
    .sort((one, other) => one.first - other.first);
  const speaksFrom = Math.max(account.from ?? Number.POSITIVE_INFINITY, trimmedAt(entries));
  const past = new Past(id, recorded, speaksFrom, unreadable);
  const pending = job?.pending ?? null;
  if (job) past.present(job);
  for (const entry of entries.toReversed()) past.back(entry);
  const knownFrom = past.begin(speaksFrom);
  const { revisions, quarantined } = past;
  const outcomes = new OutcomeIndex(recorded);
  const known = { revisions, recorded, outcomes, speaksFrom, knownFrom, quarantined, unreadable };
  return { id, now, ...known, pending, instances: account.instances ?? 0 };
}

/** A change is written after what it accounts for: an entry is of the generation that the next change names, or of the present one. */
function closedOf(entries: readonly Entry[], present: number | null): DatedRecord[] {
  const closed: DatedRecord[] = [];
  let generation = present;
  for (const entry of entries.toReversed()) {
    if (entry.kind === 'changed' || entry.kind === 'ended') generation = entry.generation || null;
    if (entry.kind === 'outcomes') closed.push(dated(entry.recorded, entry.at, generation));
  }
  return closed.toReversed();
}

function decodedOf<T>(texts: readonly string[], decode: (text: string) => T | null, unreadable: string[]): T[] {
  const all: T[] = [];
  for (const text of texts) {
    const decoded = decode(text);
    if (decoded !== null) all.push(decoded);
    else unreadable.push(`an entry cannot be read: ${text.slice(0, 100)}`);
  }
  return all;
}

function trimmedAt(entries: readonly Entry[]): number {
  const trimmed = entries.filter(({ kind }) => kind === 'trimmed').map(({ at }) => at);
  return Math.max(Number.NEGATIVE_INFINITY, ...trimmed);
}

class Past {
  readonly #revisions: Revision[] = [];
  readonly #quarantined: { from: number; to: number | null }[] = [];
  readonly #id: string;
  readonly #recorded: readonly Recorded[];
  readonly #speaksFrom: number;
  readonly #unreadable: string[];
  /** The revision that is looked at; null: the job was not there, or nothing is known of it. */
  #latter: Latter | null = null;
  #pending: Pending | null = null;
  /** Before it, nothing is known. */
  #lostBefore = Number.NEGATIVE_INFINITY;
  #restoredAt: number | null = null;

  constructor(id: string, recorded: readonly Recorded[], speaksFrom: number, unreadable: string[]) {
    this.#id = id;
    this.#recorded = recorded;
    this.#speaksFrom = speaksFrom;
    this.#unreadable = unreadable;
  }

  get revisions(): readonly Revision[] {
    return this.#revisions.toReversed();
  }

  get quarantined() {
    return this.#quarantined.toReversed();
  }

  present(job: StoredJob | UnreadableJob): void {
    this.#pending = job.pending;
    const record = 'why' in job ? null : recordOf(job.json);
    if ('why' in job) this.#lose(Number.POSITIVE_INFINITY, job.why);
    else if (!record) this.#lose(Number.POSITIVE_INFINITY, 'its record is not a JSON object');
    else this.#latter = { rev: job.rev, generation: job.generation, record, to: null, ended: null, owed: null };
  }

  back(entry: Entry): void {
    if (entry.kind === 'restored') this.#restoredAt = entry.at;
    if (entry.kind === 'changed') this.#changed(entry);
    if (entry.kind === 'ended') this.#ended(entry);
  }

  /** The oldest revision of which something is recorded. Returns from when on all revisions are known. */
  begin(speaksFrom: number): number {
    const isKnown = this.#latter !== null && readSince(this.#latter.record.since) !== null;
    const first = this.#close({
      ...UNKNOWN,
      what: isKnown && speaksFrom !== Number.POSITIVE_INFINITY ? 'added' : null,
    });
    const oldest = this.#revisions.at(-1);
    if (!first || !oldest) return Math.max(this.#lostBefore, speaksFrom);
    // What was before the oldest is known only where nothing was dropped since.
    return Math.max(this.#lostBefore, Math.min(speaksFrom, oldest.from ?? speaksFrom));
  }

  #changed({ at, rev, generation, change }: Extract<Entry, { kind: 'changed' }>): void {
    const latter = this.#latter;
    if (!latter) return;
    const closed = this.#close(deedOf(change));
    const to = closed?.from ?? readSince(latter.record.since)?.at ?? at;
    if (!change.was) {
      this.#lose(to, 'a record that was replaced could not be read');
      return;
    }
    this.#latter = {
      rev,
      generation,
      record: recordBefore(latter.record, change.was),
      to,
      ended: deedOf(change),
      owed: null,
    };
  }

  #ended({ at, rev, generation, change, record }: Extract<Entry, { kind: 'ended' }>): void {
    const restoredAt = this.#restoredAt;
    this.#restoredAt = null;
    if (change.what === 'quarantined') this.#quarantined.push({ from: at, to: restoredAt });
    // It is back as it was: what goes on is the same revision.
    if (change.what === 'quarantined' && restoredAt !== null && this.#latter) return;
    this.#close({ ...UNKNOWN, what: 'added' });
    const { owed } = change;
    this.#latter = record && { rev, generation, record, to: change.at ?? at, ended: deedOf(change), owed };
    if (!record) this.#lose(at, 'the record of a job that ended cannot be read');
  }

  /** How the revision that is looked at began is known. */
  #close(began: Deed): Revision | null {
    const latter = this.#latter;
    this.#latter = null;
    if (!latter) return null;
    const since = readSince(latter.record.since);
    const { actor, reason } = since ?? began;
    const revision = revisionOf({
      id: this.#id,
      ...latter,
      since,
      began: { ...began, actor, reason },
      next: this.#follower(latter),
      firstKnown: (compiled) => this.#firstKnown(latter, compiled),
    });
    if (typeof revision === 'string') {
      this.#lose(latter.to ?? Number.POSITIVE_INFINITY, revision);
      return null;
    }
    this.#revisions.push(revision);
    return revision;
  }

  #follower({ to, ended }: Latter): Revision | null {
    const next = this.#revisions.at(-1);
    return next && ended && to !== null && next.from === to ? next : null;
  }

  /** Where a release that recorded nothing made it: from the first of its outcomes on, or from the one that is to come. */
  #firstKnown({ to }: Latter, compiled: CompiledTrigger): number | null {
    const known = this.#recorded.filter(
      (one) => !(one.form === 'stretch' && one.asked) && lastOf(one) >= this.#speaksFrom,
    );
    const named = known.map(({ first }) => first).find((first) => compiled.nextMs(first - 1) === first);
    return named !== undefined && (to === null || named <= to)
      ? named
      : to === null
        ? (this.#pending?.fireTime ?? null)
        : null;
  }

  #lose(before: number, why: string): void {
    this.#lostBefore = Math.max(this.#lostBefore, before);
    this.#unreadable.push(why);
  }
}

const UNKNOWN: Deed = { what: null, actor: null, reason: null };

function deedOf({ what, actor, reason }: RecordedChange): Deed {
  return { what, actor, reason };
}

function recordOf(json: string): Raw | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : null;
  } catch {
    return null;
  }
}
