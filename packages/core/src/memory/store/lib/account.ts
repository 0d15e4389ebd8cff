import { extend, type OpenStretch, STRETCH_LETTERS, type StretchLetter, textOf } from '../../../job/open-stretches.js';
import type { EventDraft } from '../../../ports/event-draft.js';
import type { OwnLast } from '../../last-outcomes.js';
import type { JobRecord, StoreState } from '../state.js';
import { setAside } from './aside.js';
import { accountLimitsOf, append, hasLimits, setLimits } from './bounded.js';

/** The account of jobs is kept from this format on. */
const FIRST_FORMAT = 3;
/** The most removed jobs that are remembered. */
const MOST_GONE = 10_000;

function isKept({ format }: StoreState): boolean {
  return (format?.format ?? 0) >= FIRST_FORMAT;
}

/** Forgets the jobs that have been gone for too long. If too many are left, forgets those that have been gone for longest. */
function forgetGone({ accounts }: StoreState, ageMs: number, now: number): void {
  const { gone } = accounts;
  const tooOld = gone.upTo(now - ageMs, gone.size);
  for (const old of tooOld) gone.delete(old);
  if (hasLimits(accounts)) for (const old of tooOld) setLimits(accounts, old, null);
  if (gone.size <= MOST_GONE) return;
  const [oldest] = gone.upTo(Number.POSITIVE_INFINITY, 1);
  if (oldest === undefined) return;
  accounts.forgotten = gone.score(oldest) ?? null;
  gone.delete(oldest);
  accounts.drop(oldest);
  setLimits(accounts, oldest, null);
}

/** Appends entries to the list of a job. The list expires once the last entry is too old. */
function appendOf(state: StoreState, job: string, entries: readonly string[], isGone: boolean, now: number): void {
  const { accounts } = state;
  const limits = accountLimitsOf(accounts, job);
  accounts.jobs.set(job, append(accounts.listOf(job, now), entries, limits, now));
  accounts.expiries.set(job, now + limits.ageMs);
  if (!isGone) return;
  const { ageMs } = accountLimitsOf(accounts, '');
  accounts.expiries.set(job, now + Math.min(ageMs, limits.ageMs));
  if (accounts.gone.score(job) === undefined) accounts.gone.set(job, now);
  forgetGone(state, ageMs, now);
}

/** Returns the data of a job in `last`. If its text cannot be read, the text goes to quarantine, and the data are empty. */
function lastOf(state: StoreState, job: string, now: number): OwnLast {
  const last = state.last.read(job);
  if (last) return last;
  const raw = state.last.get(job) ?? null;
  setAside(state, `last:${job}`, { why: 'it is not a last outcome', raw }, now);
  return { execution: null, executed: 0, errors: 0, open: new Map() };
}

/** Adds a fire time of a job to the open stretch of its letter, or closes this stretch and opens another. */
function account(
  state: StoreState,
  job: string,
  open: Map<StretchLetter, OpenStretch>,
  letter: StretchLetter,
  fireTime: number,
  now: number,
): void {
  const { open: goesOn, closed } = extend(open.get(letter), fireTime, now);
  open.set(letter, goesOn);
  if (closed) appendOf(state, job, [`s${now} ${textOf(letter, closed)}`], false, now);
}

/** Accounts for a fire time of a job that is gone. */
export function noteLate(state: StoreState, job: string, letter: StretchLetter, fireTime: number, now: number): void {
  if (!isKept(state)) return;
  const { open } = extend(undefined, fireTime, now);
  appendOf(state, job, [`s${now} ${textOf(letter, open)}`], true, now);
}

function isThere(state: StoreState, job: string): boolean {
  return state.jobs.has(job);
}

/** Accounts for a fire time that results in no execution. */
export function note(
  state: StoreState,
  job: string | null,
  letter: StretchLetter,
  fireTime: number,
  now: number,
): void {
  if (!isKept(state) || job === null) return;
  if (!isThere(state, job)) {
    noteLate(state, job, letter, fireTime, now);
    return;
  }
  const last = lastOf(state, job, now);
  account(state, job, last.open, letter, fireTime, now);
  state.last.set(job, last);
}

/** Fire times of a trigger from `first` to `last`; `into`: the fire time of the run that replaces them. */
export interface NotedRange {
  readonly first: number;
  readonly last: number;
  readonly into?: number;
}

/** Accounts for a range of fire times of a trigger. */
export function noteRange(
  state: StoreState,
  job: string | null,
  letter: StretchLetter | 'o',
  { first, last, into }: NotedRange,
  now: number,
): void {
  if (!isKept(state) || job === null) return;
  if (first === last && letter !== 'o') {
    note(state, job, letter, first, now);
    return;
  }
  const range = `${letter}${first}-${last}${into === undefined ? '' : `>${into}`}`;
  appendOf(state, job, [`s${now} ${range}`], !isThere(state, job), now);
}

/** Accounts for the fire times that an event reports. */
export function noteEvent(
  state: StoreState,
  job: string,
  letter: StretchLetter,
  { about }: EventDraft,
  now: number,
): void {
  const { first, last } = about;
  if (typeof first === 'number' && typeof last === 'number') noteRange(state, job, letter, { first, last }, now);
}

/** Accounts for an execution of a job that exists. */
export function noteExecution(
  state: StoreState,
  job: string,
  letter: StretchLetter,
  fireTime: number,
  now: number,
): void {
  const { open, executed, errors } = lastOf(state, job, now);
  account(state, job, open, letter, fireTime, now);
  const kind = letter.toLowerCase();
  state.last.set(job, {
    execution: { letter, fireTime, late: now - fireTime },
    executed: executed + Number(kind === 'x'),
    errors: errors + Number(kind === 'e'),
    open,
  });
}

/** Returns a text of `last` without its open stretches: they are closed, and later fire times open others. */
export function withoutStretches(text: string): string {
  return text.replace(/^(\S+ \S+ -?\d*)\S* (\d+ \d+)$/, '$1 $2');
}

/** Accounts for the end of a job: closes its open stretches, and keeps its record. `change`: the change, as JSON. */
export function noteEnd(
  state: StoreState,
  job: string,
  record: JobRecord | undefined,
  change: string,
  now: number,
): void {
  if (!isKept(state)) {
    setLimits(state.accounts, job, null);
    return;
  }
  const { open } = lastOf(state, job, now);
  const closed = STRETCH_LETTERS.flatMap((letter) => {
    const stretch = open.get(letter);
    return stretch ? `s${now} ${textOf(letter, stretch)}` : [];
  });
  const json = record && !record.damaged ? record.json : '';
  appendOf(state, job, [...closed, `d${now} ${revisionOf(record)} ${change}\n${json}`], true, now);
}

/** Accounts for a change of a job. `change`: how the job was before, as JSON. */
export function noteChange(
  state: StoreState,
  job: string,
  record: JobRecord | undefined,
  change: string,
  now: number,
): void {
  if (isKept(state)) appendOf(state, job, [`r${now} ${revisionOf(record)} ${change}`], false, now);
}

/** Accounts for a job that is new, or exists again: it continues the account that is kept under its id. */
export function noteReturn({ accounts }: StoreState, job: string): void {
  accounts.gone.delete(job);
}

/** Accounts for a job that is back from quarantine, unchanged. */
export function noteRestored(state: StoreState, job: string, now: number): void {
  if (!isKept(state)) return;
  noteReturn(state, job);
  appendOf(state, job, [`b${now} ${revisionOf(state.jobs.get(job))}`], false, now);
}

/** The revision and the generation of a record; both are 0 if it cannot be read. */
function revisionOf(record: JobRecord | undefined): string {
  return record && !record.damaged ? `${record.rev} ${record.generation}` : '0 0';
}
