import { type AccountLimits, DEFAULT_ACCOUNT } from '../../../job/account-limits.js';
import type { Accounts } from '../accounts.js';

export const MOST_OF_STORE = 10_000;
/** At most this many entries are dropped at once. Later writes drop the others. */
const AT_ONCE = 100;
/** A list that is not too long is searched for entries that are too old each time that it has grown by this many. */
const OLD_EACH = 8;

/** Whether any limits are set. */
export function hasLimits({ limits }: Accounts): boolean {
  return limits.size > 0;
}

/** Sets the limits of a job's account, or ('') of all others. null removes them. */
export function setLimits({ limits }: Accounts, job: string, said: AccountLimits | null): void {
  if (said) limits.set(job, said);
  else limits.delete(job);
}

/** The limits in the JSON of a job; null if there are none. */
export function limitsSaid(json: string): AccountLimits | null {
  const [, entries, ageMs] = /^\{(?:"metrics":true,)?"account":\{"entries":(\d+),"ageMs":(\d+)\}/.exec(json) ?? [];
  return entries === undefined ? null : { entries: Number(entries), ageMs: Number(ageMs) };
}

/** The limits of a job's account, or ('') of a job without limits of its own. */
export function accountLimitsOf({ limits }: Accounts, job: string): AccountLimits {
  const { entries, ageMs } = limits.get(job) ?? limits.get('') ?? DEFAULT_ACCOUNT;
  // At least two: the mark for dropped entries, and one entry.
  return { entries: Math.max(2, entries), ageMs };
}

/**
 * The time (ms) from which on the account of a job, or ('') of the store, is complete, apart from the entries that a list says it has dropped: all
 * members have written it since, and no entry since is too old. null if not all members write it.
 */
export function since(accounts: Accounts, job: string, now: number): number | null {
  return accounts.from === null ? null : Math.max(accounts.from, now - accountLimitsOf(accounts, job).ageMs);
}

/** When an entry was written, or an event was published, ms. */
function writtenAt(entry: string): number {
  const [, written, published] = /^[a-z](\d+)|"at":(\d+)/.exec(entry) ?? [];
  return Number(written ?? published ?? 0);
}

function dropOldest(list: readonly string[], most: number, oldest: number): string[] {
  if (list.length <= most && list.length % OLD_EACH !== 0) return [...list];
  const marker = list[0]?.startsWith('f') ? list[0] : null;
  const begin = marker ? 1 : 0;
  let to = list.length > most ? Math.min(list.length - most + 1, begin + AT_ONCE) : begin;
  while (to < Math.min(list.length - 1, begin + AT_ONCE) && writtenAt(list[to] ?? '') < oldest) to += 1;
  if (to <= begin) return [...list];
  const newest = Math.max(writtenAt(list[to - 1] ?? ''), marker ? writtenAt(marker) : 0);
  return [`f${newest}`, ...list.slice(to)];
}

/** Returns a list with entries appended. A list that has dropped entries begins with `f` and the time at which the newest of those was written. */
export function append(
  list: readonly string[],
  entries: readonly string[],
  { entries: most, ageMs }: AccountLimits,
  now: number,
): string[] {
  return dropOldest([...list, ...entries], most, now - ageMs);
}
