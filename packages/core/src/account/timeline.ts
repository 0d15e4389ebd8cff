import type { JobFault, Pending, StoredJob } from '../ports/job-records.js';
import { decodeEntry, type Entry } from './entry.js';
import { OutcomeIndex } from './outcome-index.js';
import { Past } from './past.js';
import { type DatedRecord, dated, decodeRecorded } from './recorded.js';
import type { Revision } from './revision.js';

/** What is stored of a job, its past among it. Instants are ms of the store's clock. */
export interface AccountOfJob {
  readonly id: string;
  readonly now: number;
  /** null if it is not there. */
  readonly job: StoredJob | JobFault | null;
  /** Texts of its open stretches. */
  readonly open: readonly string[];
  /** Oldest first. */
  readonly entries: readonly string[];
  /** From when on all that happened was recorded; null if it is not. */
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
