import { z } from 'zod';
import { InvalidOptionsError } from '../errors.js';
import { meantNames } from '../near-name.js';
import type { JobMatch, JobStateName, LastOutcomeName } from '../ports/job-match.js';
import type { StoredJob } from '../ports/job-records.js';
import { shown } from '../shown.js';
import type { JobDefinition } from './definition.js';
import { decodeLastRun } from './last-run.js';
import { aliasSchema, taskNameSchema } from './schemas.js';
import { tagSchema } from './tags.js';

/** A filter of jobs: a job matches if it satisfies all members. */
export interface JobFilter {
  /** The job has all of these tags. */
  readonly tags?: readonly string[] | undefined;
  /** The id, name, task, description or a tag contains this text, whatever the case of its letters; 1 to 255 characters. */
  readonly text?: string | undefined;
  readonly task?: string | undefined;
  readonly executor?: string | undefined;
  /** `running`: the job has live runs; it may be scheduled or paused. */
  readonly state?: JobStateName | undefined;
  /** How its last execution ended; `none` if there was no execution. */
  readonly lastOutcome?: LastOutcomeName | undefined;
  /** The job is due before this instant. */
  readonly dueBefore?: Date | undefined;
}

/** It excludes no job. */
export const EACH_JOB: JobMatch = {
  tags: [],
  text: null,
  task: null,
  executor: null,
  state: null,
  lastOutcome: null,
  dueBefore: null,
};

const MOST_TEXT = 255;

const filterSchema = z.strictObject({
  tags: z
    .array(tagSchema, { error: 'must be an array of tags' })
    .max(10, { error: 'are more than 10 tags' })
    .optional(),
  text: z
    .string({ error: 'must be a string' })
    .refine((text) => text.trim() !== '' && text.length <= MOST_TEXT, {
      error: `must have 1 to ${MOST_TEXT} characters`,
    })
    .optional(),
  task: taskNameSchema.optional(),
  executor: aliasSchema.optional(),
  state: z
    .enum(['scheduled', 'paused', 'running'], { error: 'is not a state: there are scheduled, paused, running' })
    .optional(),
  lastOutcome: z
    .enum(['executed', 'error', 'cancelled', 'none'], {
      error: 'is not an outcome: there are executed, error, cancelled, none',
    })
    .optional(),
  dueBefore: z.date({ error: 'must be a valid Date' }).optional(),
}) satisfies z.ZodType<JobFilter>;

/** null if the filter excludes no job. @throws InvalidOptionsError naming the member that is wrong */
export function checkFilter(call: string, filter: JobFilter): JobMatch | null {
  const { data, error } = filterSchema.safeParse(filter, { reportInput: true });
  if (!data) {
    const said = error.issues.map((issue) => inWords(issue)).join('; ');
    throw new InvalidOptionsError(`${call}: filter: ${said}`);
  }
  const { tags = [], text, task, executor, state, lastOutcome, dueBefore } = data;
  const match: JobMatch = {
    tags,
    text: text === undefined ? null : fold(text.trim().normalize('NFC')),
    task: task ?? null,
    executor: executor ?? null,
    state: state ?? null,
    lastOutcome: lastOutcome ?? null,
    dueBefore: dueBefore?.getTime() ?? null,
  };
  const { tags: wanted, ...others } = match;
  return wanted.length === 0 && Object.values(others).every((value) => value === null) ? null : match;
}

function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(filterSchema.shape);
    return `unknown member ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}; there are ${known.join(', ')}${meantNames(issue.keys, known)}`;
  }
  if (issue.path.length === 0) return 'must be an object';
  return `${issue.path.join('.')} ${shown(issue.input)} ${issue.message}`;
}

/**
 * Returns a text in lower case. No other character becomes an ASCII one: so a script, which lowers only ASCII letters, finds everything
 * that is found here.
 */
export function fold(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is all of ASCII
  return text.replaceAll(/[A-Z]|[^\u0000-\u007f]/gu, (character) => {
    const lower = character.toLowerCase();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is all of ASCII
    return character > '\u007f' && /[\u0000-\u007f]/.test(lower) ? character : lower;
  });
}

/** What a script looks for in the bytes of a job. Every job that matches has all of it; a job that has it may still not match. */
export interface Traces {
  /** In the id or the record, both with ASCII letters in lower case; `''` matches any. */
  readonly lower: string;
  /** In the record, unchanged. */
  readonly exact: readonly string[];
}

export function tracesOf({ tags, text, task, executor }: JobMatch): Traces {
  const exact = tags.map((tag) => JSON.stringify(tag));
  if (task !== null) exact.push(`"task":${JSON.stringify(task)}`);
  // The default is not stored.
  if (executor !== null && executor !== 'default') exact.push(`"executor":${JSON.stringify(executor)}`);
  // JSON escapes the quote and the backslash.
  const runs = (text ?? '').match(/[ !#-[\]-~]+/g) ?? [];
  const lower = runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '');
  return { lower, exact };
}

/** Whether a record may match, by the test that scripts make. */
export function hasTraces({ lower, exact }: Traces, id: string, json: string): boolean {
  const ascii = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return exact.every((one) => json.includes(one)) && (ascii(json).includes(lower) || ascii(id).includes(lower));
}

/** What is compared of a job beside its definition. */
type Filtered = Pick<StoredJob, 'id' | 'pending' | 'last'>;

/** Whether a job matches, apart from its live runs, which are not part of its record. */
export function matches(match: JobMatch, { id, pending, last }: Filtered, definition: JobDefinition): boolean {
  const { tags, text, task, executor, state, lastOutcome, dueBefore } = match;
  if (!tags.every((tag) => definition.tags.includes(tag))) return false;
  if (task !== null && definition.task !== task) return false;
  if (executor !== null && definition.executor !== executor) return false;
  if (state === 'scheduled' && !pending) return false;
  if (state === 'paused' && pending) return false;
  if (lastOutcome !== null && (decodeLastRun(last)?.outcome ?? 'none') !== lastOutcome) return false;
  if (dueBefore !== null && !(pending && pending.dueAt < dueBefore)) return false;
  if (text === null) return true;
  const { name = '', description } = definition;
  return [id, name, definition.task, description ?? '', ...definition.tags].some((one) => fold(one).includes(text));
}
