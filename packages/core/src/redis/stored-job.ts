import type { Pending, StoredJob, UnreadableJob } from '../ports/job-records.js';
import type { Reply } from './scripts.js';

const COUNT = '(0|[1-9]\\d{0,14})';
const RECORD = new RegExp(`^${COUNT} ${COUNT} (\\S+) ([\\s\\S]*)$`);
/** Before the bytes, in hexadecimal digits, of an id that is no UTF-8 (`lua/lib/foreign.lua`). No id of ours has it. */
const NO_TEXT = '\ufffd';

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
  if (id.startsWith(NO_TEXT)) return { id, why: 'its id is no text: after the sign, its bytes', pending };
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

/** Whole ms, in the words that we have for it: a claim compares them. */
function isInstant(text: string): boolean {
  const ms = scoreOf(text);
  return Number.isInteger(ms) && Math.abs(ms) <= LAST_INSTANT && String(ms) === text;
}

/** ms, as Redis writes scores. */
function scoreOf(text: string): number {
  return text.endsWith('inf') ? Number(text.replace('inf', 'Infinity')) : Number(text);
}
