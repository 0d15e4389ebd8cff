import type { CarillonEvent, JobCancelledEvent, JobRetryingEvent, JobStartedEvent } from '../../event/events.js';
import type { Run } from '../../run/run.js';
import type { RunEvidence } from './explanation.js';

/** The data of a run in addition to the outcomes of its fire times: from the ledger, from its kept outcome, and from the log. */
export interface RunTrace {
  readonly runId: string;
  readonly run: Run | undefined;
  /** The events of this run, oldest first. */
  readonly events: readonly CarillonEvent[];
}

/** Instants of one fire time of a run, ms; null if not known. */
export interface Course {
  readonly submittedAt: number | null;
  readonly startedAt: number | null;
  readonly firstStartedAt: number | null;
  readonly settledAt: number | null;
  readonly workerId: string | null;
  readonly attempts: number | null;
  /** The starts in the log, oldest first. */
  readonly starts: readonly JobStartedEvent[];
  /** The attempts that failed and were to be tried again, oldest first, as far as the log has them. */
  readonly failed: readonly JobRetryingEvent[];
  readonly error: { readonly name: string; readonly message: string } | null;
}

const SETTLED: readonly CarillonEvent['type'][] = ['job_executed', 'job_error', 'job_cancelled'];

/** Returns the course of a fire time (ms) of a run, from the log and from the kept outcomes. */
export function courseOf({ run, events }: RunTrace, fireTime: number): Course {
  const settled = events.find((event) => SETTLED.includes(event.type) && fireTimeOf(event) === fireTime);
  const before = events.slice(0, settled ? events.indexOf(settled) : events.length);
  // Several fire times of a run are executed one after the other. A later one begins when the one before it ends, without a start of its own.
  const previous = before.findLastIndex((event) => SETTLED.includes(event.type));
  const starts = before.slice(previous + 1).flatMap((event) => (event.type === 'job_started' ? [event] : []));
  const goesOn = starts.length === 0 || (starts[0]?.attempt ?? 1) > 1 ? before[previous] : undefined;
  const submitted = events.find((event) => event.type === 'job_submitted');
  const kept = run?.executions.find(({ scheduledRunTime }) => scheduledRunTime.getTime() === fireTime);
  const last = starts.at(-1);
  const worker = last ?? before.findLast((event) => event.type === 'job_started');
  const error = kept?.outcome === 'error' ? kept.error : settled?.type === 'job_error' ? settled.error : null;
  return {
    submittedAt: msOf(submitted?.at),
    startedAt: msOf(last?.at ?? goesOn?.at),
    firstStartedAt: msOf(goesOn?.at ?? starts[0]?.at),
    settledAt: msOf(settled?.at ?? kept?.settledAt),
    workerId: worker?.type === 'job_started' ? worker.workerId : null,
    attempts: last?.attempt ?? (goesOn ? 1 : run && 'attempt' in run ? run.attempt : null),
    starts,
    failed: before.flatMap((event) =>
      event.type === 'job_retrying' && event.scheduledRunTime.getTime() === fireTime ? [event] : [],
    ),
    error: error && { name: error.name, message: error.message },
  };
}

/** The event in the log by which the run of a fire time (ms) was cancelled. */
export function cancelOf({ events }: RunTrace, fireTime: number): JobCancelledEvent | undefined {
  return events
    .flatMap((event) => (event.type === 'job_cancelled' ? [event] : []))
    .find((event) => fireTimeOf(event) === fireTime);
}

export function runEvidence(trace: RunTrace, course: Course, asked: boolean): RunEvidence {
  const { submittedAt, startedAt, settledAt, workerId, attempts, error } = course;
  return {
    runId: trace.runId,
    asked,
    state: trace.run?.state ?? null,
    workerId,
    attempts,
    submittedAt: dateOf(submittedAt),
    startedAt: dateOf(startedAt),
    settledAt: dateOf(settledAt),
    error,
  };
}

function fireTimeOf(event: CarillonEvent): number | null {
  return 'scheduledRunTime' in event ? event.scheduledRunTime.getTime() : null;
}

function msOf(date: Date | undefined): number | null {
  return date?.getTime() ?? null;
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
