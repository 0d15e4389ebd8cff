import { draft } from '../event/draft.js';
import type { EventDraft } from '../ports/event-draft.js';
import type { JobChange, Pending } from '../ports/job-records.js';
import { dueFires, fireAfter } from '../trigger/due.js';
import { compileJob, digestOf, type JobDefinition } from './definition.js';
import { encodeJob, type ReadableJob } from './record.js';

/**
 * What becomes of a job, decided from what was read of it at an instant of the store's clock. Fire times that the job
 * still owed then, and that the change takes away, are told as missed.
 */
export interface Read {
  readonly jobStore: string;
  /** The store's time of reading, ms. */
  readonly now: number;
}

/** A new job. null: its trigger names no fire time any more. */
export function added(
  { jobStore, now }: Read,
  id: string,
  definition: JobDefinition,
  first: Pending | null | 'by trigger',
  tombstone: string | null,
): JobChange | null {
  const pending = first === 'by trigger' ? firstFire(id, definition, now) : first;
  if (first === 'by trigger' && !pending) return null;
  const told = { jobId: id, task: definition.task, nextRunTime: pending?.fireTime ?? null };
  return {
    id,
    expected: { rev: null, tombstone },
    record: { digest: digestOf(definition), json: encodeJob(definition), pending, newGeneration: true },
    events: [draft(jobStore, 'job_added', told)],
  };
}

/** A job whose trigger, or next run time, is set anew. It finishes if its trigger names no more fire times. */
export function rescheduled(
  read: Read,
  job: ReadableJob,
  definition: JobDefinition,
  next: Pending | null | 'by trigger',
): JobChange {
  const { jobStore, now } = read;
  const pending = next === 'by trigger' ? firstFire(job.id, definition, now) : next;
  if (next === 'by trigger' && !pending) return finished(read, job);
  const told = { jobId: job.id, task: definition.task, nextRunTime: pending?.fireTime ?? null };
  return {
    id: job.id,
    expected: asRead(job),
    record: { digest: digestOf(definition), json: encodeJob(definition), pending, newGeneration: true },
    events: [...missed(read, job), draft(jobStore, 'job_modified', told)],
  };
}

/** A job whose trigger and next run time stay. null: nothing else changes either. */
export function modified({ jobStore }: Read, job: ReadableJob, definition: JobDefinition): JobChange | null {
  const json = encodeJob(definition);
  if (json === job.json) return null;
  const told = { jobId: job.id, task: definition.task, nextRunTime: job.pending?.fireTime ?? null };
  return {
    id: job.id,
    expected: asRead(job),
    record: { digest: digestOf(definition), json, pending: job.pending, newGeneration: false },
    events: [draft(jobStore, 'job_modified', told)],
  };
}

/** null: it is paused. */
export function paused(read: Read, job: ReadableJob): JobChange | null {
  if (!job.pending) return null;
  return {
    id: job.id,
    expected: asRead(job),
    record: { digest: job.digest, json: job.json, pending: null, newGeneration: true },
    events: [...missed(read, job), draft(read.jobStore, 'job_paused', { jobId: job.id })],
  };
}

/** Fires on from now: what its trigger named meanwhile does not exist. null: it is not paused. */
export function resumed(read: Read, job: ReadableJob): JobChange | null {
  if (job.pending) return null;
  const pending = fireAfter(job.compiled, read.now);
  if (!pending) return finished(read, job);
  return {
    id: job.id,
    expected: asRead(job),
    record: { digest: job.digest, json: job.json, pending, newGeneration: true },
    events: [draft(read.jobStore, 'job_resumed', { jobId: job.id, nextRunTime: pending.fireTime })],
  };
}

export function removed(read: Read, job: ReadableJob): JobChange {
  return gone(read, job, 'removed');
}

/** What lets go of the tombstone of a finished job. */
export function forgotten(id: string, tombstone: string): JobChange {
  return { id, expected: { rev: null, tombstone }, record: null, events: [] };
}

function finished(read: Read, job: ReadableJob): JobChange {
  return gone(read, job, 'finished');
}

function gone(read: Read, job: ReadableJob, reason: 'removed' | 'finished'): JobChange {
  return {
    id: job.id,
    expected: asRead(job),
    record: null,
    events: [...missed(read, job), draft(read.jobStore, 'job_removed', { jobId: job.id, reason })],
  };
}

function asRead(job: ReadableJob): JobChange['expected'] {
  return { rev: job.rev, dueAt: job.pending?.dueAt ?? null };
}

/** A date is a fire time even when it is past: it is simply due. Any other trigger fires after now. */
function firstFire(id: string, definition: JobDefinition, now: number): Pending | null {
  const { trigger } = definition;
  if (trigger.type !== 'date') return fireAfter(compileJob(id, definition), now);
  const at = Date.parse(trigger.at);
  return { fireTime: at, dueAt: at };
}

/** The fire times that have come due and were not claimed. */
function missed({ jobStore, now }: Read, job: ReadableJob): EventDraft[] {
  if (!job.pending) return [];
  const last = dueFires(job.compiled, job.pending, now, 1).fires.at(-1);
  if (!last) return [];
  const range = { first: job.pending.fireTime, last: last.fireTime };
  return [draft(jobStore, 'job_missed', { jobId: job.id, task: job.definition.task, runId: null, ...range })];
}
