import {
  type Claim,
  draft,
  type JobDefinition,
  labelText,
  type NewRun,
  type Pending,
  payloadFrom,
  runIdOf,
  type StoredJob,
} from '@carillon/core/internal';
import type { Plan } from './plan.js';

/** The job that a claim is of. */
interface ClaimedJob {
  readonly jobStore: string;
  readonly stored: StoredJob;
  readonly pending: Pending;
  readonly definition: JobDefinition;
  /** The payload of its runs that coalesce nothing. */
  readonly payload: string;
}

/** The claim that carries out a plan: the next fire, the run and its events. */
export function claimOf(job: ClaimedJob, planned: Plan): Claim {
  const { jobStore, stored, pending, definition } = job;
  const { id, rev, digest } = stored;
  const { missed, next } = planned;
  const about = { jobId: id, task: definition.task, runId: null };
  return {
    id,
    expected: { rev, dueAt: pending.dueAt },
    next,
    tombstone: !next && definition.replaceExisting ? digest : null,
    run: planned.fires.length > 0 ? runOf(job, planned) : null,
    deliveryId: null,
    events: {
      missed: missed && draft(jobStore, 'job_missed', { ...about, ...missed }),
      removed: next ? null : draft(jobStore, 'job_removed', { jobId: id, cause: 'finished' }),
    },
  };
}

function runOf({ jobStore, stored, pending, definition, payload }: ClaimedJob, planned: Plan): NewRun {
  const { fires, coalesced } = planned;
  const { id, generation } = stored;
  const { task, executor } = definition;
  const runId = runIdOf(id, generation, pending.fireTime);
  return {
    runId,
    jobId: id,
    task,
    fires,
    graceMs: definition.misfireGraceMs,
    maxInstances: definition.maxInstances,
    overlap: definition.overlap,
    executor,
    priority: definition.priority,
    history: definition.history,
    coalesced,
    payload: coalesced ? payloadFrom(payload, coalesced.first) : payload,
    label: labelText(jobStore, { runId, jobId: id, task, executor }),
  };
}
