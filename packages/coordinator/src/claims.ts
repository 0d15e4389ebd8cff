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
  submissionOf,
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

function claimOf(jobStore: string, job: ReadableJob, dueAt: number, planned: Plan): Claim {
  const { id, definition } = job;
  const { missed, next } = planned;
  const told = { jobId: id, task: definition.task, runId: null };
  return {
    id,
    expected: { rev: job.rev, dueAt },
    next,
    tombstone: !next && definition.replaceExisting ? job.digest : null,
    run: planned.fires.length > 0 && job.pending ? runOf(jobStore, job, planned, job.pending.fireTime) : null,
    events: {
      missed: missed && draft(jobStore, 'job_missed', { ...told, ...missed }).body,
      removed: next ? null : draft(jobStore, 'job_removed', { jobId: id, reason: 'finished' }).body,
    },
  };
}

function runOf(jobStore: string, job: ReadableJob, { fires, coalesced }: Plan, pendingFireTime: number): NewRun {
  const { id, generation, definition } = job;
  const runId = runIdOf(id, generation, pendingFireTime);
  const fireTimes = fires.map(({ fireTime }) => fireTime);
  return {
    runId,
    jobId: id,
    fires,
    graceMs: definition.misfireGraceMs,
    maxInstances: definition.maxInstances,
    overlap: definition.overlap,
    executor: definition.executor,
    priority: definition.priority,
    history: definition.history,
    label: runLabel(jobStore, id, runId, definition.task),
    submission: submissionOf(fireTimes, coalesced),
    json: payloadOf(definition),
  };
}
