import type { Job, JobSpec, JsonObject, Trigger, UntypedTasks } from '@carillon/core';
import { jobFields } from '@carillon/core/internal';
import { UsageError } from '../exit-codes.js';
import { instant } from '../options/values.js';

/**
 * A job on a line of JSON: a JobSpec without its job store, `maxRuns` as how many are left, `nextRunTime` as an instant (null: paused), `paused`, and
 * `timezone`, the zone that a trigger without one of its own was resolved with.
 */
export function lineOf(job: Job<UntypedTasks>): object {
  const ownZone = (job.trigger as { readonly timezone?: string }).timezone;
  return {
    id: job.id,
    name: job.name === job.id ? undefined : job.name,
    tags: job.tags.length > 0 ? job.tags : undefined,
    description: job.description ?? undefined,
    task: job.task,
    args: job.args,
    kwargs: job.kwargs,
    trigger: job.trigger,
    timezone: ownZone === undefined ? job.timezone : undefined,
    ...fieldsIn(job),
    maxRuns: job.runsLeft() ?? undefined,
    replaceExisting: job.replaceExisting || undefined,
    nextRunTime: job.nextRunTime,
    paused: job.paused,
  };
}

/** Members that lines have whatever they are, as they always had. */
const ALWAYS = ['executor', 'maxInstances', 'misfireGraceTime', 'coalesce'];

/** The fields of a job that differ from the defaults. */
function fieldsIn(job: Job<UntypedTasks>): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const { name, belongsTo, default: usual } of jobFields) {
    if (!belongsTo || name === 'name' || name === 'tags') continue;
    const value = job[name as keyof typeof job];
    values[name] = value === usual && !ALWAYS.includes(name) ? undefined : value;
  }
  return values;
}

/** What a line asks for. */
export interface JobLine {
  readonly number: number;
  readonly id: string;
  readonly spec: JobSpec<UntypedTasks>;
  readonly timezone: string | undefined;
}

/** What is wrong with a line. */
export interface LineFault {
  readonly number: number;
  readonly why: string;
}

/** Every line that is not blank. Whether a spec holds is for a scheduler to say. */
export function readLines(text: string): { readonly lines: readonly JobLine[]; readonly faults: readonly LineFault[] } {
  const lines: JobLine[] = [];
  const faults: LineFault[] = [];
  const numbers = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    const number = index + 1;
    if (line.trim() === '') continue;
    try {
      const read = readLine(line, number);
      const first = numbers.get(read.id);
      if (first) throw new UsageError(`job ${JSON.stringify(read.id)} is on line ${first} already`);
      numbers.set(read.id, number);
      lines.push(read);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      faults.push({ number, why: error.message });
    }
  }
  return { lines, faults };
}

function readLine(line: string, number: number): JobLine {
  const { timezone, paused, nextRunTime, ...fields } = parse(line);
  const fail = (why: string) => new UsageError(why);
  if (typeof fields.id !== 'string') throw fail('a job without an id: give it one, so that it is not imported twice');
  if ('jobStore' in fields) throw fail('jobStore: the job store is chosen by --job-store');
  if (timezone !== undefined && typeof timezone !== 'string') throw fail('timezone is not a string');
  if (paused !== undefined && typeof paused !== 'boolean') throw fail('paused is not true or false');
  if (paused === true && typeof nextRunTime === 'string') throw fail('paused is true, and there is a nextRunTime');
  if (paused === false && nextRunTime === null) throw fail('paused is false, and nextRunTime is null');
  const next = paused ? null : instantOf(nextRunTime, fail);
  const spec = { ...fields, ...(next === undefined ? {} : { nextRunTime: next }) };
  return { number, id: fields.id, timezone, spec: spec as unknown as JobSpec<UntypedTasks> & { trigger: Trigger } };
}

function parse(line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new UsageError(`not JSON: ${(error as Error).message.replaceAll('\n', ' ')}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new UsageError('not a JSON object');
}

function instantOf(value: unknown, fail: (why: string) => Error): Date | null | undefined {
  if (value === undefined || value === null) return value;
  try {
    return instant(String(value));
  } catch {
    throw fail(`nextRunTime ${JSON.stringify(value)} is not an instant such as "2027-01-01T09:00:00Z"`);
  }
}
