import type { AskedBy } from '../by.js';
import type { JsonValue } from '../json.js';
import type { ErrorInfo } from './outcome.js';

/** What every event has. */
interface Envelope<Type extends string> {
  /** Version of this form. */
  readonly v: 1;
  /** Counts the events of one type in one job store: a gap means that the client missed some. */
  readonly seq: number;
  readonly type: Type;
  /** When it was published, by the clock of Redis. */
  readonly at: Date;
  readonly jobStore: string;
  /** Its position in the job store's log, which can be passed as `since` later; only for listeners that were added with `since`. */
  readonly eventId?: string;
}

interface OfJob {
  readonly jobId: string;
}

/** The members of events about a run; a run from `enqueue` has no job. */
interface OfRun {
  readonly jobId: string | null;
  readonly runId: string;
  readonly task: string;
  /** Left out if it is `default`. */
  readonly executor?: string;
  /** The failed run that this one replaces. */
  readonly retryOf?: string;
}

interface OfExecution extends OfRun {
  /** The idempotency key that the task gets. */
  readonly executionId: string;
  /** The fire time that the trigger named. */
  readonly scheduledRunTime: Date;
}

/** Fire times from the first to the last, both included. */
export interface FireRange {
  readonly first: Date;
  readonly last: Date;
}

/** What tasks run in: the event loop of a worker, its threads, or its child processes. */
export type ExecutorKind = 'async' | 'thread' | 'process';

/** An executor that a worker serves. */
export interface ServedExecutor {
  readonly alias: string;
  /** `unknown`: a newer release has this kind. */
  readonly kind: ExecutorKind | 'unknown';
  /** How many runs that worker executes at once. */
  readonly concurrency: number;
}

interface OfExecutor extends ServedExecutor {
  readonly workerId: string;
}

interface Submission {
  /** Oldest first; several only where `coalesce` is false and a backlog exists. */
  readonly scheduledRunTimes: readonly Date[];
  /** Older fire times that this run replaces. */
  readonly coalesced: FireRange | null;
  /** A caller requested this run of the job (`runJob`): its trigger does not name the fire time. */
  readonly asked?: true;
}

/** A coordinator began to contend for a job store. */
export interface SchedulerStartedEvent extends Envelope<'scheduler_started'> {
  readonly coordinatorId: string;
}
/** A coordinator was shut down. */
export interface SchedulerShutdownEvent extends Envelope<'scheduler_shutdown'> {
  readonly coordinatorId: string;
}
/** All firing of a job store was stopped. */
export interface SchedulerPausedEvent extends Envelope<'scheduler_paused'>, AskedBy {}
export interface SchedulerResumedEvent extends Envelope<'scheduler_resumed'>, AskedBy {}
export interface JobStoreAddedEvent extends Envelope<'jobstore_added'>, AskedBy {}
export interface JobStoreRemovedEvent extends Envelope<'jobstore_removed'>, AskedBy {}
/** A coordinator found that Redis lost the data of the job store: it was emptied, or restarted without its data. */
export interface JobStoreEmptiedEvent extends Envelope<'jobstore_emptied'> {
  /** The coordinator that found it. */
  readonly coordinatorId: string;
}
export interface AllJobsRemovedEvent extends Envelope<'all_jobs_removed'>, AskedBy {
  /** How many jobs were removed. */
  readonly count: number;
}
export interface JobAddedEvent extends Envelope<'job_added'>, OfJob, AskedBy {
  readonly task: string;
  /** Sorted; left out if it has no tags. */
  readonly tags?: readonly string[];
  /** null if it was added paused. */
  readonly nextRunTime: Date | null;
}
/** A job was modified, rescheduled or replaced. */
export interface JobModifiedEvent extends Envelope<'job_modified'>, OfJob, AskedBy {
  readonly task: string;
  /** The tags after the change; left out if it has none. */
  readonly tags?: readonly string[];
  readonly nextRunTime: Date | null;
}
export interface JobPausedEvent extends Envelope<'job_paused'>, OfJob, AskedBy {}
export interface JobResumedEvent extends Envelope<'job_resumed'>, OfJob, AskedBy {
  readonly nextRunTime: Date;
}
export interface JobRemovedEvent extends Envelope<'job_removed'>, OfJob, AskedBy {
  /** `finished`: its trigger names no more fire times. */
  readonly cause: 'removed' | 'finished';
}
/** A run entered the ledger: from here it is owed. */
export interface JobSubmittedEvent extends Envelope<'job_submitted'>, OfRun, Submission, AskedBy {}
/** A run does not run: its job had `maxInstances` live runs, or a newer run replaced it while it waited. */
export interface JobMaxInstancesEvent extends Envelope<'job_max_instances'>, OfRun, Submission, AskedBy {}
/**
 * These fire times do not run: they were later than `misfireGraceTime`, they belonged to the older part of a long backlog, or the job
 * was rescheduled, replaced, paused or removed first.
 */
export interface JobMissedEvent extends Envelope<'job_missed'>, FireRange, AskedBy {
  readonly jobId: string | null;
  readonly task: string;
  /** The run, if they were missed when it started; else null. */
  readonly runId: string | null;
  /** The executor of the run; left out if it is `default`. */
  readonly executor?: string;
  readonly retryOf?: string;
}
export interface JobStartedEvent extends Envelope<'job_started'>, OfRun {
  readonly workerId: string;
  /** How often this fire time was started, this start included. */
  readonly attempt: number;
}
export interface JobExecutedEvent extends Envelope<'job_executed'>, OfExecution {
  /** The return value of the task after a round trip through JSON. */
  readonly value: JsonValue;
  /** The value was too large for the log of events (16 KiB), and is null here; only for listeners that were added with `since`. */
  readonly valueOmitted?: true;
}
export interface JobErrorEvent extends Envelope<'job_error'>, OfExecution {
  readonly error: ErrorInfo;
}
/** An execution failed, and will be retried. The run still counts for `maxInstances` of its job. */
export interface JobRetryingEvent extends Envelope<'job_retrying'>, OfExecution {
  /** Which attempt failed: 1 is the first. */
  readonly attempt: number;
  readonly error: ErrorInfo;
  /** The earliest instant of the next attempt. */
  readonly retryAt: Date;
}
/** A fire time was cancelled, before or during its execution. */
export interface JobCancelledEvent extends Envelope<'job_cancelled'>, OfExecution, AskedBy {}
/** A record that could not be read, or a job that could not be planned or claimed, was moved to quarantine. */
export interface JobQuarantinedEvent extends Envelope<'job_quarantined'> {
  readonly record: 'job' | 'run';
  /** The id of the job or run. */
  readonly id: string;
  readonly why: string;
}
/** A caller deleted a record in quarantine. */
export interface QuarantineRemovedEvent extends Envelope<'quarantine_removed'>, AskedBy {
  /** Its name in quarantine: the id of the job or run, or the name of the key. */
  readonly id: string;
}
export interface LeaderElectedEvent extends Envelope<'leader_elected'> {
  readonly coordinatorId: string;
  /** Numbers the term; only grows. */
  readonly epoch: number;
  /** If the leader before ended without an event of its own: when it last renewed its lease. */
  readonly formerAliveUntil?: Date;
}
/** A leader stepped down by itself. A leader that is killed publishes nothing. */
export interface LeaderLostEvent extends Envelope<'leader_lost'> {
  readonly coordinatorId: string;
  readonly epoch: number;
  /** `handed_over`: it gave the job store to a coordinator that leads fewer of them. */
  readonly reason: 'shutdown' | 'lease_lost' | 'handed_over';
}
export interface WorkerJoinedEvent extends Envelope<'worker_joined'> {
  readonly workerId: string;
  readonly executors: readonly ServedExecutor[];
  readonly tasks: readonly string[];
}
/** A running worker started to serve one more executor. */
export interface ExecutorAddedEvent extends Envelope<'executor_added'>, OfExecutor {}
/** A running worker stopped serving an executor. */
export interface ExecutorRemovedEvent extends Envelope<'executor_removed'>, OfExecutor {}
/** A worker stopped serving the job store. */
export interface WorkerLeftEvent extends Envelope<'worker_left'> {
  readonly workerId: string;
  /** `stopped`: it was shut down. `lost`: it was silent for too long; if it is still running, it joins again. */
  readonly cause: 'stopped' | 'lost';
}

// A new event is an interface above, a line here, and its wire form in `event/schema.ts`: both are compared as they are compiled. The script
// that makes the change publishes it: of a job or a store as the caller made it with `draft` (`event/draft.ts`), of a run as `event/run-texts.ts` or the
// script puts it together. `docs/contributing/recipes.md` names the files that show events.

/** All events. */
export type CarillonEvent =
  | SchedulerStartedEvent
  | SchedulerShutdownEvent
  | SchedulerPausedEvent
  | SchedulerResumedEvent
  | JobStoreAddedEvent
  | JobStoreRemovedEvent
  | JobStoreEmptiedEvent
  | AllJobsRemovedEvent
  | JobAddedEvent
  | JobModifiedEvent
  | JobPausedEvent
  | JobResumedEvent
  | JobRemovedEvent
  | JobSubmittedEvent
  | JobMaxInstancesEvent
  | JobMissedEvent
  | JobStartedEvent
  | JobExecutedEvent
  | JobErrorEvent
  | JobRetryingEvent
  | JobCancelledEvent
  | JobQuarantinedEvent
  | QuarantineRemovedEvent
  | LeaderElectedEvent
  | LeaderLostEvent
  | ExecutorAddedEvent
  | ExecutorRemovedEvent
  | WorkerJoinedEvent
  | WorkerLeftEvent;

export type EventType = CarillonEvent['type'];
export type EventOf<Type extends EventType> = Extract<CarillonEvent, { readonly type: Type }>;
