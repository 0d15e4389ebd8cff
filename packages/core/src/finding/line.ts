import { fold } from '../job/filter.js';
import type { JobMatch } from '../ports/job-match.js';

/**
 * Returns one line with the texts by which a job is found: its id as it is, then its texts without the difference of capitals. All of it is JSON,
 * which has no line breaks.
 */
export function lineOf(id: string, json: string): string | null {
  const record = parsed(json);
  if (!record) return null;
  const { task, executor, name, description, tags } = record;
  const folded = fold(id);
  const all = [folded === id ? null : id, task, executor, name, description, ...(Array.isArray(tags) ? tags : [])];
  return JSON.stringify(id) + fold(JSON.stringify(all.filter((one) => typeof one === 'string')));
}

/** The id of the job to which a line belongs. */
export function idOf(line: string): string {
  const [id = '""'] = /^"(?:[^"\\]|\\.)*"/.exec(line) ?? [];
  return JSON.parse(id) as string;
}

/** Texts that the line of each matching job has, the longest first; null if lines do not help to find the jobs. */
export function lineTracesOf({ tags, text, task, executor, state }: JobMatch): readonly string[] | null {
  // The live runs of a job are not in its line. In JSON, half a character is written differently from a whole one.
  if (state === 'running' || /\p{Surrogate}/u.test(text ?? '')) return null;
  const whole = [...tags, task, executor === 'default' ? null : executor].filter((one) => one !== null);
  const traces = whole.map((one) => fold(JSON.stringify(one)));
  if (text !== null) traces.push(JSON.stringify(text).slice(1, -1));
  return traces.length === 0 ? null : traces.sort((one, other) => other.length - one.length);
}

function parsed(json: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
