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
  const [due, fire] = [reply.textOrNull(), reply.textOrNull()];
  const outcome = last === 'with last' ? reply.textOrNull() : null;
  const dueAt = due === null ? null : scoreOf(due);
  const pending: Pending | null = dueAt === null ? null : { fireTime: fire === null ? dueAt : Number(fire), dueAt };
  for (const text of [due, fire]) {
    if (text !== null && !isInstant(text)) return { id, why: `it is to fire at ${JSON.stringify(text)}`, pending };
  }
  if (raw === null) return pending && { id, why: 'it has a next run time and no record', pending };
  const [, rev, generation, digest, json] = RECORD.exec(raw) ?? [];
  if (!rev || !generation || !digest || json === undefined) return { id, why: 'its header cannot be read', pending };
  return { id, rev: Number(rev), generation: Number(generation), digest, json, pending, last: outcome };
}

/** A Date goes no further. */
const LAST_INSTANT = 8.64e15;

function isInstant(text: string): boolean {
  return text !== '' && Math.abs(scoreOf(text)) <= LAST_INSTANT;
}

/** ms, as Redis writes scores. */
function scoreOf(text: string): number {
  return text.endsWith('inf') ? Number(text.replace('inf', 'Infinity')) : Number(text);
}
