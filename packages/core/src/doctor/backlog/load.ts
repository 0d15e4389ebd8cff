import type { InspectedQueue, InspectedRun } from '../../scheduler/inspection.js';
import type { StoreFacts } from '../facts.js';
import { takesRuns } from '../serves-less.js';
import { isAlive } from '../worker-findings.js';

/** The work of an executor in a job store, and its workers. */
export interface Load {
  readonly jobStore: string;
  readonly executor: string;
  readonly now: Date;
  /** How many runs the workers that serve it here take at once, over all of their job stores. */
  readonly slots: number;
  /** How many of its runs are running, in all job stores that were looked at. */
  readonly running: number;
  /** Those that run in this job store, the one that was due first first. */
  readonly holders: readonly InspectedRun[];
  /** Those that wait for a worker and were never started, the one that was due first first. */
  readonly queued: readonly InspectedRun[];
  /** There are more runs than were looked at: of those that are queued, too. */
  readonly isPartOf: boolean;
  /** Its limits in the whole cluster; undefined if it has none. */
  readonly limits: InspectedQueue | undefined;
}

/** Of each executor that has something to do and is served, in each job store. */
export function loadsOf(stores: readonly StoreFacts[]): Load[] {
  return stores.flatMap((store) => {
    const { jobStore, now, runs, counts, queues, workers } = store.inspection;
    const alive = workers.filter((worker) => isAlive(worker, now));
    const executors = new Set(runs.flatMap(({ executor }) => executor ?? []));
    return [...executors].flatMap((executor) => {
      const serving = alive.filter((worker) => takesRuns(worker, executor));
      const slots = serving.flatMap(
        (worker) => worker.executors.find(({ alias }) => alias === executor)?.concurrency ?? [],
      );
      // No worker serves it: that is another finding.
      if (slots.length === 0) return [];
      const its = runs.filter((run) => run.executor === executor).sort(firstDueFirst);
      return {
        jobStore,
        executor,
        now,
        slots: slots.reduce((sum, one) => sum + one, 0),
        running: stores.reduce((sum, { inspection }) => sum + runningIn(inspection.runs, executor), 0),
        holders: its.filter(({ state }) => state === 'running'),
        queued: its.filter(({ state, attempt }) => state === 'queued' && attempt === 0),
        isPartOf: counts.runs > runs.length,
        limits: queues.find((one) => one.executor === executor),
      };
    });
  });
}

function runningIn(runs: readonly InspectedRun[], executor: string): number {
  return runs.filter((run) => run.executor === executor && run.state === 'running').length;
}

function firstDueFirst(one: InspectedRun, other: InspectedRun): number {
  return (one.due?.getTime() ?? 0) - (other.due?.getTime() ?? 0);
}

/** For how long a run has been due, ms. */
export function dueForMs({ due }: InspectedRun, now: Date): number {
  return due ? now.getTime() - due.getTime() : 0;
}

/** A run and its job, for people. */
export function nameOf({ runId, jobId, task }: InspectedRun): string {
  return jobId === null ? `run ${runId} of task "${task}"` : `run ${runId} of job ${JSON.stringify(jobId)}`;
}
