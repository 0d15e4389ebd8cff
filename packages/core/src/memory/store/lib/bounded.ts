import { type AccountLimits, DEFAULT_ACCOUNT } from '../../../job/account-limits.js';
import type { Accounts } from '../accounts.js';

export const MOST_OF_STORE = 10_000;
/** At most this many are dropped at once: the others with what is written next. */
const AT_ONCE = 100;
/** How many entries are added to a list that is not too long before it is searched for entries that are too old. */
const OLD_EACH = 8;

/** Whether limits were set at all. */
export function hasLimits({ limits }: Accounts): boolean {
  return limits.size > 0;
}

/** Sets what is kept of a job, or ('') of all others. null if nothing is said of it. */
export function setLimits({ limits }: Accounts, job: string, said: AccountLimits | null): void {
  if (said) limits.set(job, said);
  else limits.delete(job);
}

/** What the JSON of a job says of its limits. */
export function limitsSaid(json: string): AccountLimits | null {
  const [, entries, ageMs] = /^\{(?:"metrics":true,)?"account":\{"entries":(\d+),"ageMs":(\d+)\}/.exec(json) ?? [];
  return entries === undefined ? null : { entries: Number(entries), ageMs: Number(ageMs) };
}

/** What is kept of a job, or ('') of a job for which nothing is said. */
export function accountLimitsOf({ limits }: Accounts, job: string): AccountLimits {
  const { entries, ageMs } = limits.get(job) ?? limits.get('') ?? DEFAULT_ACCOUNT;
  // The mark of what was dropped, and an entry.
  return { entries: Math.max(2, entries), ageMs };
}

/**
 * From when on the account of a job, or ('') of the store, is complete, but for what a list says that it has dropped, ms: all members
 * have written it, and it is not too old. null if not all members write it.
 */
export function since(accounts: Accounts, job: string, now: number): number | null {
  return accounts.from === null ? null : Math.max(accounts.from, now - accountLimitsOf(accounts, job).ageMs);
}

/** When an entry was written, or an event published. */
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

/** A list with entries appended. One that has dropped some begins with `f` and when the newest of those was written. */
export function append(
  list: readonly string[],
  entries: readonly string[],
  { entries: most, ageMs }: AccountLimits,
  now: number,
): string[] {
  return dropOldest([...list, ...entries], most, now - ageMs);
}
