import { type RecordedChange, readChange } from './change.js';
import { naturalIn } from './digits.js';
import { decodeRecorded, type Recorded } from './recorded.js';

/** An entry of a job's account. `at` is when it was written, ms. */
export type Entry =
  /** Outcomes that are complete: no more are added. */
  | { readonly kind: 'outcomes'; readonly at: number; readonly recorded: Recorded }
  /** The revision with this number (0: not known) ended, and the job continued. */
  | ({ readonly kind: 'changed'; readonly at: number; readonly rev: number; readonly generation: number } & {
      readonly change: RecordedChange;
    })
  /** The job ended. `record`: its record at that time; null if it cannot be read. */
  | ({ readonly kind: 'ended'; readonly at: number; readonly rev: number; readonly generation: number } & {
      readonly change: RecordedChange;
      readonly record: Readonly<Record<string, unknown>> | null;
    })
  /** The job is back from quarantine, as it was. */
  | { readonly kind: 'restored'; readonly at: number }
  /** Entries were dropped. `at` is when the last of them was written. */
  | { readonly kind: 'trimmed'; readonly at: number };

/** If the head of a record could not be read, `-` replaces each number. */
const REVISION = /^(\d{1,16}|-) (\d{1,16}|-) (.*)$/s;

/** Reads an entry from its text (`docs/decisions/0014-the-account.md`); null if it cannot be read. */
export function decodeEntry(text: string): Entry | null {
  const blank = text.indexOf(' ');
  const end = blank < 0 ? text.length : blank;
  const at = naturalIn(text, 1, end);
  if (Number.isNaN(at)) return null;
  const kind = text[0];
  switch (kind) {
    case 's': {
      const recorded = decodeRecorded(text, end + 1);
      return recorded && { kind: 'outcomes', at, recorded };
    }
    case 'f':
      return { kind: 'trimmed', at };
    case 'b':
      return { kind: 'restored', at };
    case 'r':
    case 'd':
      return revisionEnd(kind, at, text.slice(end + 1));
    default:
      return null;
  }
}

function revisionEnd(kind: 'r' | 'd', at: number, text: string): Entry | null {
  const [, rev, generation, rest = ''] = REVISION.exec(text) ?? [];
  const [json = '', record] = rest.split('\n', 2);
  const change = readChange(parsed(json));
  if (!change) return null;
  const common = { at, rev: numberOf(rev), generation: numberOf(generation), change };
  return kind === 'r' ? { kind: 'changed', ...common } : { kind: 'ended', ...common, record: objectOf(record ?? '') };
}

function numberOf(text: string | undefined): number {
  return text === undefined || text === '-' ? 0 : Number(text);
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  const value = parsed(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
