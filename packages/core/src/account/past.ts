import type { JobFault, Pending, StoredJob } from '../ports/job-records.js';
import type { CompiledTrigger } from '../trigger/index.js';
import { type RecordedChange, readSince, recordBefore } from './change.js';
import type { Entry } from './entry.js';
import type { PackedOutcomes } from './packed-outcomes.js';
import { lastOf } from './recorded.js';
import { type Deed, type Revision, revisionOf } from './revision.js';

type Raw = Readonly<Record<string, unknown>>;

/** A revision whose beginning is not known yet. */
interface Latter {
  readonly rev: number;
  readonly generation: number;
  readonly record: Raw;
  readonly to: number | null;
  readonly ended: Deed | null;
  readonly owed: number | null;
}

/** Goes back from the present job, entry by entry, and collects its revisions. */
export class Past {
  readonly #revisions: Revision[] = [];
  readonly #quarantined: { from: number; to: number | null }[] = [];
  readonly #id: string;
  readonly #outcomes: PackedOutcomes;
  readonly #speaksFrom: number;
  readonly #unreadable: string[];
  /** The revision that was reached; null if the job did not exist, or if nothing is known of it. */
  #latter: Latter | null = null;
  #pending: Pending | null = null;
  /** Nothing is known of the time before this, ms. */
  #lostBefore = Number.NEGATIVE_INFINITY;
  #restoredAt: number | null = null;

  constructor(id: string, outcomes: PackedOutcomes, speaksFrom: number, unreadable: string[]) {
    this.#id = id;
    this.#outcomes = outcomes;
    this.#speaksFrom = speaksFrom;
    this.#unreadable = unreadable;
  }

  get revisions(): readonly Revision[] {
    return this.#revisions.toReversed();
  }

  get quarantined() {
    return this.#quarantined.toReversed();
  }

  present(job: StoredJob | JobFault): void {
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

  /** Ends with the oldest recorded revision. Returns the instant from which on all revisions are known, ms. */
  begin(speaksFrom: number): number {
    const isKnown = this.#latter !== null && readSince(this.#latter.record.since) !== null;
    const first = this.#close({
      ...UNKNOWN,
      what: isKnown && speaksFrom !== Number.POSITIVE_INFINITY ? 'added' : null,
    });
    const oldest = this.#revisions.at(-1);
    if (!first || !oldest) return Math.max(this.#lostBefore, speaksFrom);
    // The time before the oldest revision is known only if no entry was dropped since.
    return Math.max(this.#lostBefore, Math.min(speaksFrom, oldest.from ?? speaksFrom));
  }

  #changed({ at, rev, generation, change }: Extract<Entry, { kind: 'changed' }>): void {
    const latter = this.#latter;
    if (!latter) return;
    const since = readSince(latter.record.since);
    if (since && since.at > at) {
      // A later change was not recorded, while an older release was in the cluster. So the record before it is not known. All changes since the
      // account is complete are recorded: if the revision is newer than that, the job was added with it, and was gone until then.
      this.#close({ ...UNKNOWN, what: since.at > this.#speaksFrom ? 'added' : null });
      this.#lostBefore = Math.max(this.#lostBefore, Math.min(since.at, this.#speaksFrom));
      return;
    }
    const closed = this.#close(deedOf(change), change.first);
    const to = closed?.from ?? since?.at ?? at;
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
    // The job is back as it was, so the same revision continues.
    if (change.what === 'quarantined' && restoredAt !== null && this.#latter) return;
    this.#close({ ...UNKNOWN, what: 'added' });
    const { owed } = change;
    this.#latter = record && { rev, generation, record, to: change.at ?? at, ended: deedOf(change), owed };
    if (!record) this.#lose(at, 'the record of a job that ended cannot be read');
  }

  /**
   * Completes the revision that was reached, whose beginning is now known.
   * @param first its first fire time; undefined if its record has it
   */
  #close(began: Deed, first?: number | null): Revision | null {
    const latter = this.#latter;
    this.#latter = null;
    if (!latter) return null;
    const read = readSince(latter.record.since);
    // The job may have fired between the reading of its record and the change.
    const since = read && first !== undefined ? { ...read, first } : read;
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

  /** The first fire time of a revision made by a release that recorded nothing: that of its first outcome, or else the pending one. */
  #firstKnown({ to }: Latter, compiled: CompiledTrigger): number | null {
    const known = this.#outcomes
      .all()
      .filter((one) => !(one.form === 'stretch' && one.asked) && lastOf(one) >= this.#speaksFrom);
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
