import { InvalidJobError } from '@carillon/core';
import type { JobFault, JobPage, StoredJob } from '@carillon/core/internal';
import type { Reply } from './scripts.js';
import { readStoredJob } from './stored-job.js';

/** Reads a page of `list` or `find`. */
export function readPage(reply: Reply): JobPage {
  const now = reply.number();
  const next = [reply.text(), reply.text(), reply.text()];
  const jobs: (StoredJob | JobFault)[] = [];
  while (!reply.ended) {
    const job = readStoredJob(reply.text(), reply, 'with last');
    if (job) jobs.push(job);
  }
  return { now, jobs, cursor: next[0] === '' ? null : encodeCursor(next) };
}

/** Returns where a page begins, as the scripts take it. @throws InvalidJobError if this is not a cursor that a page gave. */
export const beginOf = (cursor: string | null) => (cursor === null ? ['scheduled', '', ''] : decodeCursor(cursor));

const encodeCursor = (parts: readonly string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** @throws InvalidJobError if this is not a cursor that a page gave. */
function decodeCursor(cursor: string): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && parts.length === 3 && parts.every((part) => typeof part === 'string')) {
      const [part, from = '', skip = ''] = parts as string[];
      if (part === 'scheduled' && Number.isFinite(Number(from))) return parts;
      if (part === 'paused' && /^\d+$/.test(from) && /^\d+$/.test(skip)) return parts;
    }
  } catch {
    // falls through: not a cursor
  }
  throw new InvalidJobError(`cursor: ${JSON.stringify(cursor)} is not one that getJobs gave`);
}
