import type { JobFault, Pending, StoredJob } from '../ports/job-records.js';
import { decodeEntry, type Entry } from './entry.js';
import { OutcomeIndex } from './outcome-index.js';
import { PackedOutcomes } from './packed-outcomes.js';
import { Past } from './past.js';
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
  /** By fire time. */
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
  const present = job && !('why' in job) ? job.generation : null;
  const packed = new PackedOutcomes(account.entries, account.open);
  const latestFirst = othersOf(account.entries, packed, present, unreadable);
  for (const [place, text] of account.open.entries()) {
    if (!packed.takeOpen(place, present)) unreadable.push(notRead(text));
  }
  const outcomes = new OutcomeIndex(packed);
  const speaksFrom = Math.max(account.from ?? Number.POSITIVE_INFINITY, trimmedAt(latestFirst));
  const past = new Past(id, packed, speaksFrom, unreadable);
  const pending = job?.pending ?? null;
  if (job) past.present(job);
  for (const entry of latestFirst) past.back(entry);
  const knownFrom = past.begin(speaksFrom);
  const { revisions, quarantined } = past;
  const known = { revisions, outcomes, speaksFrom, knownFrom, quarantined, unreadable };
  return { id, now, ...known, pending, instances: account.instances ?? 0 };
}

/**
 * Packs the outcomes, and returns the other entries, the latest first. A change is written after what it accounts for: an entry is of the
 * generation that the next change names, or of the present one.
 */
function othersOf(
  texts: readonly string[],
  packed: PackedOutcomes,
  present: number | null,
  unreadable: string[],
): readonly Entry[] {
  const others: Entry[] = [];
  let generation = present;
  for (let place = texts.length - 1; place >= 0; place--) {
    if (packed.takeEntry(place, generation)) continue;
    const text = texts[place] ?? '';
    const entry = decodeEntry(text);
    if (entry === null) unreadable.unshift(notRead(text));
    else others.push(entry);
    if (entry?.kind === 'changed' || entry?.kind === 'ended') generation = entry.generation || null;
  }
  return others;
}

function notRead(text: string): string {
  return `an entry cannot be read: ${text.slice(0, 100)}`;
}

function trimmedAt(entries: readonly Entry[]): number {
  const trimmed = entries.filter(({ kind }) => kind === 'trimmed').map(({ at }) => at);
  return Math.max(Number.NEGATIVE_INFINITY, ...trimmed);
}
