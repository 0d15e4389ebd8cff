import { draft, members } from '../event/draft.js';
import type { NewRun } from '../ports/ledger.js';
import { type JobDefinition, payloadOf } from './definition.js';

/** What is to run: of a job, or (`jobId` null) of none. */
export interface Call extends Pick<JobDefinition, 'task' | 'args' | 'kwargs' | 'executor' | 'maxInstances'> {
  readonly jobId: string | null;
}

/** What every event of a run tells of it. */
export function runLabel(jobStore: string, jobId: string | null, runId: string, task: string): string {
  return members({ jobStore, jobId, runId, task });
}

/** A run for now (ms of the store's clock), whatever the trigger says. It is never too late. */
export function newRun(jobStore: string, call: Call, runId: string, now: number): NewRun {
  return {
    runId,
    jobId: call.jobId,
    fires: [{ fireTime: now, dueAt: now }],
    graceMs: null,
    maxInstances: call.maxInstances,
    executor: call.executor,
    label: runLabel(jobStore, call.jobId, runId, call.task),
    json: payloadOf(call),
  };
}

/** The events of submitting it, one of which is published. */
export function submission(jobStore: string, { jobId, task }: Call, runId: string, now: number) {
  const told = { jobId, task, scheduledRunTimes: [now], coalesced: null };
  return {
    submitted: draft(jobStore, 'job_submitted', { ...told, runId }).body,
    maxInstances: draft(jobStore, 'job_max_instances', { ...told, jobId: jobId ?? '' }).body,
  };
}
