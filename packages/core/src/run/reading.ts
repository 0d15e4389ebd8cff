import type { FireRange } from '../event/events.js';
import { parseEvent } from '../event/schema.js';
import type { JsonValue } from '../json.js';
import type { LiveRun, RunReading } from '../ports/job-records.js';
import { isOutcome, type OutcomeEvent, STATE_AFTER } from './outcomes.js';
import type { Execution, LiveRunInfo, Run, SettledRunInfo } from './run.js';

/** A run of what its job store knows; undefined if there is nothing, or nothing that can be read. */
export function runOf(
  jobStore: string,
  runId: string,
  { live, outcomes }: Pick<RunReading, 'live' | 'outcomes'>,
): Run | undefined {
  const settled = outcomes.flatMap((message) => outcomeOf(message) ?? []);
  const executions = settled.flatMap((outcome) => executionOf(outcome) ?? []);
  const missed = missedBy(settled);
  if (live) {
    const { jobId, task, executor, retryOf = null } = live.run;
    if (task === '') return undefined;
    return { runId, jobStore, jobId, task, retryOf, executor, ...liveInfo(live), executions, missed };
  }
  const last = settled.at(-1);
  if (!last) return undefined;
  return {
    runId,
    jobId: last.jobId,
    jobStore,
    task: last.task,
    executor: last.executor ?? 'default',
    retryOf: last.retryOf ?? null,
    state: STATE_AFTER[last.type],
    settledAt: last.at,
    scheduledRunTimes: settled.flatMap(timesOf),
    executions,
    missed,
  } satisfies SettledRunInfo;
}

function liveInfo({ run, state, notBefore, progress }: LiveRun) {
  return {
    state,
    attempt: run.starts,
    retryAt: state === 'retrying' && notBefore !== null ? new Date(notBefore) : null,
    progress: (parsed(progress ?? 'null') ?? null) as JsonValue,
    cancelling: run.cancelled,
    scheduledRunTimes: run.fires.map(({ fireTime }) => new Date(fireTime)),
  } satisfies Partial<LiveRunInfo>;
}

function outcomeOf(message: string): OutcomeEvent | null {
  const event = parseEvent(message);
  return event && isOutcome(event) ? event : null;
}

function executionOf(event: OutcomeEvent): Execution | null {
  if (event.type === 'job_missed' || event.type === 'job_max_instances') return null;
  const { executionId, scheduledRunTime, at: settledAt } = event;
  const about = { executionId, scheduledRunTime, settledAt };
  if (event.type === 'job_executed') return { ...about, outcome: 'executed', value: event.value };
  if (event.type === 'job_error') return { ...about, outcome: 'error', error: event.error };
  return { ...about, outcome: 'cancelled' };
}

function missedBy(settled: readonly OutcomeEvent[]): FireRange | null {
  const event = settled.find((one) => one.type === 'job_missed');
  return event ? { first: event.first, last: event.last } : null;
}

function timesOf(event: OutcomeEvent): readonly Date[] {
  if (event.type === 'job_max_instances') return event.scheduledRunTimes;
  if (event.type !== 'job_missed') return [event.scheduledRunTime];
  return event.first.getTime() === event.last.getTime() ? [event.first] : [event.first, event.last];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
