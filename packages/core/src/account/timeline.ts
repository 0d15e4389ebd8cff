import type { JobFault, Pending, StoredJob } from '../ports/job-records.js';
import { decodeEntry, type Entry } from './entry.js';
import { OutcomeIndex } from './outcome-index.js';
import { PackedOutcomes } from './packed-outcomes.js';
import { Past } from './past.js';
import type { Revision } from './revision.js';

/** The stored data of a job and of its past. Instants are ms of the store's clock. */
export interface AccountOfJob {
  readonly id: string;
  readonly now: number;
  /** null if the job does not exist. */
  readonly job: StoredJob | JobFault | null;
  /** Texts of its open stretches. */
  readonly open: readonly string[];
  /** Oldest first. */
  readonly entries: readonly string[];
  /** The instant from which on everything was recorded; null if nothing is. */
  readonly from: number | null;
  /** How many live runs the job counts; default: 0. */
  readonly instances?: number;
}

/** The past and the present of a job. Instants are ms. */
export interface Timeline {
  readonly id: string;
  readonly now: number;
  /** Oldest first. */
  readonly revisions: readonly Revision[];
  /** By fire time. */
  readonly outcomes: OutcomeIndex;
  /** Fire times before this may have had outcomes that are not known. Infinity: nothing is recorded. */
  readonly speaksFrom: number;
  /** Nothing is known of how the job was before this. */
  readonly knownFrom: number;
  readonly pending: Pending | null;
  /** How many live runs hold a place of the job. */
  readonly instances: number;
  /** The times in which the job was in quarantine; `to` is null if it is not back. */
  readonly quarantined: readonly { readonly from: number; readonly to: number | null }[];
  /** The parts of the account that cannot be read, and why. */
  readonly unreadable: readonly string[];
}

/** Returns the timeline of a job. It goes back from the present job, change by change. */
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
 * Packs the outcomes, and returns the other entries, latest first. A change is written after the outcomes before it. So an entry belongs to the
 * generation that the next change names, or to the present one.
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
