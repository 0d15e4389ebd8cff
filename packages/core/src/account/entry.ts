import { type RecordedChange, readChange } from './change.js';
import { decodeRecorded, type Recorded } from './recorded.js';

/** An entry of a job's account. `at` is when it was written, ms. */
export type Entry =
  /** Outcomes, of which no more are added. */
  | { readonly kind: 'outcomes'; readonly at: number; readonly recorded: Recorded }
  /** The revision of this number ended, and the job went on. */
  | ({ readonly kind: 'changed'; readonly at: number; readonly rev: number; readonly generation: number } & {
      readonly change: RecordedChange;
    })
  /** The job ended. `record`: as it was then, null where that cannot be read. */
  | ({ readonly kind: 'ended'; readonly at: number; readonly rev: number; readonly generation: number } & {
      readonly change: RecordedChange;
      readonly record: Readonly<Record<string, unknown>> | null;
    })
  /** Entries before it were let go. */
  | { readonly kind: 'trimmed'; readonly at: number };

const HEAD = /^([srdf])(\d{1,16})(?: (.*))?$/s;
const REVISION = /^(\d{1,16}) (\d{1,16}) (.*)$/s;

/** An entry from its text (`docs/decisions/0014-the-account.md`); null: it cannot be read. */
export function decodeEntry(text: string): Entry | null {
  const [, kind, written, rest = ''] = HEAD.exec(text) ?? [];
  const at = Number(written);
  switch (kind) {
    case 's': {
      const recorded = decodeRecorded(rest);
      return recorded && { kind: 'outcomes', at, recorded };
    }
    case 'f':
      return { kind: 'trimmed', at };
    case 'r':
    case 'd':
      return revisionEnd(kind, at, rest);
    default:
      return null;
  }
}

function revisionEnd(kind: 'r' | 'd', at: number, text: string): Entry | null {
  const [, rev, generation, rest = ''] = REVISION.exec(text) ?? [];
  const json = firstJson(rest);
  const change = json && readChange(json.value);
  if (!change) return null;
  const common = { at, rev: Number(rev), generation: Number(generation), change };
  if (kind === 'r') return json.rest === '' ? { kind: 'changed', ...common } : null;
  return { kind: 'ended', ...common, record: objectOf(json.rest) };
}

/** The value at the beginning of a text, and what follows after a blank. null: there is none. */
function firstJson(text: string): { readonly value: unknown; readonly rest: string } | null {
  // A blank within a string ends nothing: then what stands before it is no JSON.
  for (let end = text.indexOf('} '); end >= 0; end = text.indexOf('} ', end + 1)) {
    const value = parsed(text.slice(0, end + 1));
    if (value !== undefined) return { value, rest: text.slice(end + 2) };
  }
  const value = parsed(text);
  return value === undefined ? null : { value, rest: '' };
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
