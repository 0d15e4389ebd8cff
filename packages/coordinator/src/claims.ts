import {
  type Claim,
  type DuePage,
  decodeJob,
  draft,
  type NewRun,
  payloadOf,
  type ReadableJob,
  runIdOf,
  runLabel,
  type UnreadableJob,
} from '@carillon/core/internal';
import { type Plan, plan } from './plan.js';

/** What a page of due jobs asks of the store. */
export interface PagePlan {
  readonly claims: readonly Claim[];
  readonly unreadable: readonly UnreadableJob[];
  /** When the first of these jobs is due again, ms. */
  readonly nextDueAt: number | null;
}

const MAX_REMEMBERED = 20_000;

/** Plans pages of due jobs. Remembers the jobs that it read, to spare reading them again at each fire. */
export class ClaimPlanner {
  readonly #jobStore: string;
  readonly #remembered = new Map<string, ReadableJob>();

  constructor(jobStore: string) {
    this.#jobStore = jobStore;
  }

  plan({ now, jobs }: DuePage): PagePlan {
    const claims: Claim[] = [];
    const unreadable: UnreadableJob[] = [];
    let nextDueAt: number | null = null;
    for (const stored of jobs) {
      const job = 'why' in stored ? stored : this.#read(stored);
      if ('why' in job) {
        unreadable.push(job);
      } else if (job.pending) {
        const planned = plan(job.compiled, job.definition, job.pending, now);
        claims.push(claimOf(this.#jobStore, job, job.pending.dueAt, planned));
        if (planned.next) nextDueAt = Math.min(nextDueAt ?? planned.next.dueAt, planned.next.dueAt);
      }
    }
    return { claims, unreadable, nextDueAt };
  }

  #read(stored: Exclude<DuePage['jobs'][number], UnreadableJob>): ReadableJob | UnreadableJob {
    const known = this.#remembered.get(stored.id);
    if (known?.rev === stored.rev && known.json === stored.json) return { ...known, ...stored };
    const job = decodeJob(stored);
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    if (!('why' in job)) this.#remembered.set(job.id, job);
    return job;
  }
}

function claimOf(jobStore: string, job: ReadableJob, dueAt: number, { fires, coalesced, missed, next }: Plan): Claim {
  const { id, definition } = job;
  const { task } = definition;
  const run = fires.length > 0 && job.pending ? runOf(jobStore, job, fires, job.pending.fireTime) : null;
  const told = { jobId: id, task, scheduledRunTimes: fires.map(({ fireTime }) => fireTime), coalesced };
  return {
    id,
    expected: { rev: job.rev, dueAt },
    next,
    tombstone: !next && definition.replaceExisting ? job.digest : null,
    run,
    events: {
      missed: missed && draft(jobStore, 'job_missed', { jobId: id, task, runId: null, ...missed }).body,
      submitted: run && draft(jobStore, 'job_submitted', { ...told, runId: run.runId }).body,
      maxInstances: run && draft(jobStore, 'job_max_instances', told).body,
      removed: next ? null : draft(jobStore, 'job_removed', { jobId: id, reason: 'finished' }).body,
    },
  };
}

function runOf(jobStore: string, job: ReadableJob, fires: Plan['fires'], pendingFireTime: number): NewRun {
  const { id, generation, definition } = job;
  const runId = runIdOf(id, generation, pendingFireTime);
  return {
    runId,
    jobId: id,
    fires,
    graceMs: definition.misfireGraceMs,
    maxInstances: definition.maxInstances,
    executor: definition.executor,
    label: runLabel(jobStore, id, runId, definition.task),
    json: payloadOf(definition),
  };
}
