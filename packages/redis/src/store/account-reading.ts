import type { AccountPage, GonePage, JobAccount, RecentAccount } from '@carillon/core/internal';
import type { Reply } from './scripts.js';
import { readStoredJob } from './stored-job.js';

/** Reads what the script `account` returns: the accounts of the first of these jobs, at least one. */
export function readAccounts(ids: readonly string[], reply: Reply): readonly JobAccount[] {
  const [now, paused] = [reply.number(), reply.number() === 1];
  const accounts: JobAccount[] = [];
  // At least one: a reply without any is refused.
  do accounts.push({ now, paused, ...readAccount(ids[accounts.length] ?? '', reply) });
  while (!reply.ended);
  return accounts;
}

function readAccount(id: string, reply: Reply): Omit<JobAccount, 'now' | 'paused'> {
  const [from, instances] = [reply.numberOrNull(), reply.number()];
  const job = readStoredJob(id, reply, 'with last');
  const runIds = textsOf(reply);
  return { from, job, entries: reply.jsonTexts(), instances, runIds };
}

/** Reads what the script `recent` returns for one job. */
export function readRecent(reply: Reply): RecentAccount {
  const last = reply.textOrNull();
  return { last, entries: textsOf(reply) };
}

/** Reads what the script `store_account` returns. @param at where this page begins */
export function readStoreAccount(reply: Reply, at: number, limit: number): AccountPage {
  const from = reply.numberOrNull();
  const entries: string[] = [];
  while (!reply.ended) entries.push(reply.text());
  return { from, entries, cursor: cursorAfter(entries, at, limit) };
}

/** Reads what the script `gone_jobs` returns. @param at where this page begins */
export function readGone(reply: Reply, at: number, limit: number): GonePage {
  const forgotten = reply.numberOrNull();
  const jobs: { readonly id: string; readonly at: number }[] = [];
  while (!reply.ended) jobs.push({ id: reply.text(), at: reply.number() });
  return { jobs, forgotten, cursor: cursorAfter(jobs, at, limit) };
}

/** Returns where the next page begins; null if this page is not full, because it is the last one then. */
function cursorAfter(page: readonly unknown[], at: number, limit: number): string | null {
  return page.length < limit ? null : String(at + limit);
}

/** Reads a count, and that many texts. */
function textsOf(reply: Reply): readonly string[] {
  return Array.from({ length: reply.number() }, () => reply.text());
}
