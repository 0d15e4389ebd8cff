import {
  type Claim,
  draft,
  encodePayload,
  type NewRun,
  type Pending,
  type ReadableJob,
  runIdOf,
  timingOf,
} from '@carillon/core/internal';
import type { Plan } from './plan.js';

/** A job as it was read, but for when it is due. */
export interface KnownJob extends ReadableJob {
  /** Of its runs that coalesce nothing. */
  readonly payload: string;
}

/** The claim that carries out a plan: the next fire, the run and its events. */
export function claimOf(jobStore: string, known: KnownJob, pending: Pending, planned: Plan): Claim {
  const { id, definition } = known;
  const { missed, next } = planned;
  const about = { jobId: id, task: definition.task, runId: null };
  return {
    id,
    expected: { rev: known.rev, dueAt: pending.dueAt },
    next,
    tombstone: !next && definition.replaceExisting ? known.digest : null,
    run: planned.fires.length > 0 ? runOf(known, planned, pending.fireTime) : null,
    deliveryId: null,
    events: {
      missed: missed && draft(jobStore, 'job_missed', { ...about, ...missed }),
      removed: next ? null : draft(jobStore, 'job_removed', { jobId: id, cause: 'finished' }),
    },
  };
}

function runOf(job: KnownJob, { fires, coalesced }: Plan, pendingFireTime: number): NewRun {
  const { id, generation, definition, payload } = job;
  return {
    runId: runIdOf(id, generation, pendingFireTime),
    jobId: id,
    task: definition.task,
    fires,
    graceMs: definition.misfireGraceMs,
    maxInstances: definition.maxInstances,
    overlap: definition.overlap,
    executor: definition.executor,
    priority: definition.priority,
    history: definition.history,
    coalesced,
    payload: coalesced ? encodePayload(definition, timingOf(definition, coalesced.first)) : payload,
  };
}
