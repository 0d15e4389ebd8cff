import { newerVersion, whyNewer } from '../newer.js';
import type { JobFault, Pending, StoredJob } from '../ports/job-records.js';

const COUNT = '(0|[1-9]\\d{0,14})';
const RECORD = new RegExp(`^${COUNT} ${COUNT} (\\S+) ([\\s\\S]*)$`);
/** Before the bytes, in hexadecimal digits, of an id that is not UTF-8 (`redis/lua/lib/foreign.lua`). No id of ours has it. */
const NO_TEXT = '\ufffd';

/** A job's parts, as a store keeps them; null if there is none. */
export interface StoredText {
  /** `<rev> <generation> <digest> <JSON>` */
  readonly raw: string | null;
  /** When it is due; `fire`: its fire time, where jitter makes it differ. */
  readonly due: string | null;
  readonly fire: string | null;
  readonly last: string | null;
}

/** A job of its parts, or why they cannot be read. */
export function storedJobOf(id: string, { raw, due, fire, last }: StoredText): StoredJob | JobFault | null {
  const dueAt = due === null ? null : scoreOf(due);
  const pending: Pending | null = dueAt === null ? null : { fireTime: fire === null ? dueAt : Number(fire), dueAt };
  const [, rev, generation, digest, json] = (raw === null ? null : RECORD.exec(raw)) ?? [];
  const unreadable = (why: string) => ({ id, rev: rev === undefined ? null : Number(rev), why, pending });
  const version = raw === null ? null : newerVersion(raw);
  if (version !== null) return { ...unreadable(whyNewer(version)), newer: true };
  if (id.startsWith(NO_TEXT)) return unreadable('its id is not a text: after the sign, its bytes');
  for (const text of [due, fire]) {
    if (text !== null && !isInstant(text)) return unreadable(`it is to fire at ${JSON.stringify(text)}`);
  }
  if (raw === null) return pending && unreadable('it has a next run time and no record');
  if (!rev || !generation || !digest || json === undefined) return unreadable('its header cannot be read');
  return { id, rev: Number(rev), generation: Number(generation), digest, json, pending, last };
}

/** A Date goes no further. */
const LAST_INSTANT = 8.64e15;

/** Whole ms, in the words that we have for it: a claim compares them. */
function isInstant(text: string): boolean {
  return storedInstant(text) !== null;
}

/** An instant of a text, ms; null if it is not one. */
export function storedInstant(text: string): number | null {
  const ms = scoreOf(text);
  return Number.isInteger(ms) && Math.abs(ms) <= LAST_INSTANT && String(ms) === text ? ms : null;
}

/** ms, as Redis writes scores. */
function scoreOf(text: string): number {
  return text.endsWith('inf') ? Number(text.replace('inf', 'Infinity')) : Number(text);
}
