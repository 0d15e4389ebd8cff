import {
  ConflictingIdError,
  compileTrigger,
  type Job,
  JobNotFoundError,
  type Scheduler,
  type UntypedTasks,
} from '@carillon/core';
import type { DeclaredJob } from './jobs.js';

export interface Declaring {
  /** The tag by which the jobs of an application are found. */
  readonly tag: string;
  readonly timezone: string | undefined;
  readonly removeOrphans: boolean;
  readonly jobStore: string;
  readonly now: number;
}

/** The tag of a job that is paused because its decorator has `disabled`. */
const DISABLED = 'nest-disabled';

/**
 * Writes the jobs of an application to the job store; any number of its processes may do so at once. @returns ids of jobs that it
 * declared before and no longer declares; they are removed if `removeOrphans` is set
 */
export async function declareJobs(
  scheduler: Scheduler,
  jobs: readonly DeclaredJob[],
  declaring: Declaring,
): Promise<readonly string[]> {
  const before = await declaredBefore(scheduler, declaring);
  const lasting = jobs.filter(({ kind }) => kind !== 'timeout');
  await scheduler.addJobs(lasting.map((job) => specOf(job, before.has(job.id), declaring)));
  const choice = { jobStore: declaring.jobStore };
  for (const { id, isDisabled } of lasting) {
    const stored = before.get(id);
    if (isDisabled && stored?.nextRunTime) await scheduler.pauseJob(id, choice);
    if (!isDisabled && stored?.tags.includes(DISABLED)) await scheduler.resumeJob(id, choice);
  }
  for (const job of jobs) if (job.kind === 'timeout') await addTimeout(scheduler, job, declaring);
  const declared = new Set(jobs.map(({ id }) => id));
  const orphans = [...before.keys()].filter((id) => !declared.has(id)).sort();
  if (declaring.removeOrphans) for (const id of orphans) await remove(scheduler, id, declaring);
  return orphans;
}

async function declaredBefore(
  scheduler: Scheduler,
  { tag, jobStore }: Declaring,
): Promise<ReadonlyMap<string, Job<UntypedTasks>>> {
  const found = new Map<string, Job<UntypedTasks>>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Scheduler['getJobs']>> = await scheduler.getJobs({
      filter: { tags: [tag] },
      jobStore,
      limit: 1_000,
      cursor,
    });
    for (const job of page.jobs) found.set(job.id, job);
    cursor = page.cursor;
  } while (cursor !== null);
  return found;
}

function specOf({ spec, isDisabled, initialDelayMs }: DeclaredJob, isThere: boolean, declaring: Declaring) {
  const { tag, jobStore } = declaring;
  const tags = [...(spec.tags ?? []), tag, ...(isDisabled ? [DISABLED] : [])];
  const common = { ...spec, tags, jobStore, replaceExisting: true };
  if (isThere) return common;
  if (isDisabled) return { ...common, nextRunTime: null };
  const first = initialDelayMs > 0 ? firstAfter(spec, initialDelayMs, declaring) : null;
  return first ? { ...common, nextRunTime: first } : common;
}

function firstAfter({ id, trigger }: DeclaredJob['spec'], delayMs: number, { now, timezone }: Declaring): Date | null {
  return compileTrigger(trigger, { jobId: id, timezone }).next(new Date(now + delayMs));
}

/** Processes that start while a timeout waits share it; it counts from the first start. */
async function addTimeout(scheduler: Scheduler, { spec, id }: DeclaredJob, { tag, jobStore }: Declaring) {
  const added = { ...spec, tags: [...(spec.tags ?? []), tag], jobStore };
  try {
    await scheduler.addJob(added);
  } catch (error) {
    if (!(error instanceof ConflictingIdError)) throw error;
    const waiting = await scheduler.getJob(id, { jobStore });
    const due = spec.trigger.type === 'date' ? new Date(spec.trigger.at) : null;
    // The code says a shorter time by now.
    const isSooner = due && waiting?.nextRunTime && due < waiting.nextRunTime;
    if (isSooner || waiting?.trigger.type !== 'date') await scheduler.addJob({ ...added, replaceExisting: true });
  }
}

async function remove(scheduler: Scheduler, id: string, { jobStore }: Declaring): Promise<void> {
  try {
    await scheduler.removeJob(id, { jobStore });
  } catch (error) {
    // Another process of the application was quicker.
    if (!(error instanceof JobNotFoundError)) throw error;
  }
}
