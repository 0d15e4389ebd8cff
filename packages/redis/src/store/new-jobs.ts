import { type JobChange, members, type Pending, type PutOutcome, type PutParams } from '@carillon/core/internal';
import type { ScriptArgument } from './script-call.js';
import type { ScriptRunner } from './script-runner.js';

/** The most ids that a script passes in one call. */
const MOST = 1_000;
/** The body of a longer event may be logged without its value. */
const SHORT_EVENT = 8_000;
/** Beginnings of JSON for which `add.lua` does more than `add_one.lua`. */
const UNUSUAL = ['{"metrics":', '{"account":'];

interface NewJob extends JobChange {
  readonly record: NonNullable<JobChange['record']> & { readonly pending: Pending | null };
}

/** Adds jobs by the scripts that only add new jobs, which are quicker than `put.lua`. null if not all are new, or if there are too many. */
export function addNew(scripts: ScriptRunner, base: string, params: PutParams): Promise<PutOutcome> | null {
  const { changes } = params;
  if (changes.length === 0 || changes.length > MOST || !changes.every(isNew)) return null;
  return add(scripts, base, params, changes);
}

async function add(
  scripts: ScriptRunner,
  base: string,
  { op, readAt }: PutParams,
  jobs: readonly NewJob[],
): Promise<PutOutcome> {
  const one = jobs.length === 1 ? usual(jobs[0] as NewJob) : null;
  if (one) {
    const reply = await scripts.run('add_one', base, [op, readAt, ...one]);
    const status = reply.oneOf('done', 'changed', 'stale', 'other');
    if (status !== 'other') return outcomeOf(status);
  }
  const reply = await scripts.run('add', base, [op, readAt, jobs.length, ...columnsOf(jobs)]);
  return outcomeOf(reply.oneOf('done', 'changed', 'stale'));
}

const outcomeOf = (status: PutOutcome['status']): PutOutcome => (status === 'done' ? { status, left: [] } : { status });

/** Whether a job is new, left no tombstone, and publishes only that it was added. */
function isNew(change: JobChange): change is NewJob {
  const { expected, record, account, events } = change;
  const isFirst = expected.rev === null && expected.tombstone === null && account === undefined;
  if (!isFirst || record === null || record.pending === 'kept') return false;
  return events.length === 1 && events[0]?.type === 'job_added';
}

/** Returns a job as `add_one.lua` takes it; null if that script does not add such a job. */
function usual({ id, record, events }: NewJob): readonly ScriptArgument[] | null {
  const { digest, json, pending } = record;
  const body = bodyOf(events);
  if (!pending || pending.dueAt !== pending.fireTime || body.length > SHORT_EVENT) return null;
  if (UNUSUAL.some((beginning) => json.startsWith(beginning))) return null;
  return [id, `${digest} ${json}`, pending.dueAt, body];
}

function bodyOf([added]: JobChange['events']): string {
  return added ? members(added.about) : '';
}

function columnsOf(jobs: readonly NewJob[]): readonly ScriptArgument[] {
  return [
    ...jobs.map(({ id }) => id),
    ...jobs.map(({ record }) => `${record.digest} ${record.json}`),
    ...jobs.map(({ record }) => record.pending?.dueAt ?? ''),
    ...jobs.map(({ record }) => record.pending?.fireTime ?? ''),
    ...jobs.map(({ events }) => bodyOf(events)),
  ];
}
