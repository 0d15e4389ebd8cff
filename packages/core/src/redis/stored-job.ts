import type { Pending, StoredJob, UnreadableJob } from '../ports/job-records.js';
import type { Reply } from './scripts.js';

const RECORD = /^(\d+) (\d+) (\S+) ([\s\S]*)$/;

/** A job from what scripts tell of it: its record, due instant, fire time where jitter makes it differ. */
export function readStoredJob(
  id: string,
  reply: Reply,
  last: 'with last' | 'without last',
): StoredJob | UnreadableJob | null {
  const raw = reply.textOrNull();
  const dueAt = reply.numberOrNull();
  const fireTime = reply.numberOrNull();
  const outcome = last === 'with last' ? reply.textOrNull() : null;
  const pending: Pending | null = dueAt === null ? null : { fireTime: fireTime ?? dueAt, dueAt };
  if (raw === null) return pending && { id, why: 'it has a next run time and no record', pending };
  const [, rev, generation, digest, json] = RECORD.exec(raw) ?? [];
  if (!rev || !generation || !digest || json === undefined) return { id, why: 'its header cannot be read', pending };
  return { id, rev: Number(rev), generation: Number(generation), digest, json, pending, last: outcome };
}
