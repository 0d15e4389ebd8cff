import type { ErrorInfo } from '../event/outcome.js';
import type { EventDraft } from './event-draft.js';
import type { JobFault, Pending, StoredJob } from './job-records.js';
import type { NewRun, RunRoute } from './ledger.js';
import type { Delivery } from './queue.js';
import type { StoreLook } from './store-look.js';

export interface DuePage {
  readonly now: number;
  /** All firing of the store is stopped; `jobs` is empty then. */
  readonly paused: boolean;
  readonly jobs: readonly (StoredJob | JobFault)[];
  /** Due jobs that a newer release wrote, by id, at most 100: they are left for a leader that reads them. */
  readonly newer: readonly string[];
  /** When the first fire after this page is due, ms; null means none. */
  readonly nextDueAt: number | null;
  /** When the first run in the outbox is to be delivered, ms; null if the outbox is empty. */
  readonly outboxAt: number | null;
  /** false: no run, lease or count of live runs is stored, so that `suspects` would find nothing. */
  readonly isOwing: boolean;
}

/** A job's place in the order in which jobs are due. */
export interface DuePlace {
  readonly dueAt: number;
  readonly id: string;
}

export interface UpcomingParams {
  readonly withinMs: number;
  /** The page begins after this place, even if that is before now; null: with the first job that is not due yet. */
  readonly after: DuePlace | null;
  readonly limit: number;
}

export interface UpcomingPage {
  readonly now: number;
  /** Without those that a newer release wrote. */
  readonly jobs: readonly (StoredJob | JobFault)[];
  /** The last place of this page, if others are due within that time; null: these are all. */
  readonly last: DuePlace | null;
}

/** What a plan asks of the store for one job. */
export interface Claim {
  readonly id: string;
  /** The job is still what was read: else it is skipped. */
  readonly expected: { readonly rev: number; readonly dueAt: number };
  /** null if the trigger is exhausted; the job is removed. */
  readonly next: Pending | null;
  /** Left behind by a finished job: its trigger's digest. */
  readonly tombstone: string | null;
  /** null if every fire time was missed. */
  readonly run: NewRun | null;
  /** Under which the run is to go out if it is submitted; null means that the leader assigns it one with `assign`. */
  readonly deliveryId: string | null;
  /** The events around those of the run: `job_missed` before, `job_removed` after. */
  readonly events: {
    readonly missed: EventDraft | null;
    readonly removed: EventDraft | null;
  };
}

/** `skipped`: the job is not what was read any more. `submitted`: it is claimed, and its run will be delivered. */
export type ClaimStatus = 'skipped' | 'claimed' | 'submitted';

/**
 * For each of the jobs, what was done. `paused`: all firing is stopped. `refused`: the run of this id has an invalid state; nothing was
 * claimed.
 */
export type ClaimOutcome = readonly ClaimStatus[] | 'paused' | { readonly refused: string };

/** `over`: the term has ended; nothing was written. */
export type Fenced<T> = { readonly status: 'done'; readonly value: T } | { readonly status: 'over' };

export interface EndOfTerm {
  readonly epoch: number;
  readonly lost: EventDraft;
  /** Id of the coordinator that is to lead next; null means any. */
  readonly heir: string | null;
}

export interface OutboxPage {
  readonly runs: readonly RunRoute[];
  /** Runs whose records cannot be read, by id. */
  readonly unreadable: readonly string[];
  /** Runs that a newer release wrote, by id, at most 100: they stay where they are. */
  readonly newer: readonly string[];
}

/** The workers of a job store, as the store reports them, and which executors have limits. */
export interface ServingLook extends Pick<StoreLook, 'now' | 'workers'> {
  readonly limited: readonly string[];
}

/** The leader's side of a job store. Every write carries the epoch of the term and is refused once it is over. */
export interface TermStore {
  /** Begins a term if the lock is still held under this value; publishes `leader_elected`. Returns its epoch, or null. */
  beginTerm(params: { readonly lock: string; readonly coordinatorId: string }): Promise<number | null>;
  /** Publishes that the term is over and its lock released, so that standbys contend at once, or only the one that leads next. */
  endTerm(params: EndOfTerm): Promise<void>;
  /**
   * Jobs that are due: at most `limit`, and fewer if their records are about 4 MiB together. If more are due, half of the page are
   * the jobs that came due last, and half those that have been due for longest, in turn.
   */
  due(limit: number): Promise<DuePage>;
  /** Whether a call costs next to nothing, so that what is due soon can be read again and again. */
  readonly isNear: boolean;
  /**
   * Jobs that are due within a time from now, the first due ones first: at most `limit`, and fewer if their records are about 4 MiB
   * together; none while the store is paused.
   */
  upcoming(params: UpcomingParams): Promise<UpcomingPage>;
  claim(params: { readonly epoch: number; readonly claims: readonly Claim[] }): Promise<Fenced<ClaimOutcome>>;
  /** Runs in the outbox whose time has come: at most `limit`, the longest waiting first. */
  outbox(limit: number): Promise<OutboxPage>;
  /**
   * Assigns deliveries their runs: the ledger names each run's delivery, as far as the run is still in the outbox. It stays there until
   * `confirmQueued`. Returns the ids of the runs that have their delivery.
   */
  assign(params: {
    readonly epoch: number;
    readonly deliveries: readonly Delivery[];
    /** Set after Redis was full and refused the call: so the queue may yet be worked through. */
    readonly evenWhenFull?: boolean;
  }): Promise<Fenced<readonly string[]>>;
  /** Returns the workers, and which of these executors have limits in the whole cluster. */
  serving(executors: readonly string[]): Promise<ServingLook>;
  /** Confirms that deliveries are queued: takes their runs out of the outbox. */
  confirmQueued(params: { readonly epoch: number; readonly deliveries: readonly Delivery[] }): Promise<Fenced<null>>;
  /** Settles a run that its queue refuses as an error. */
  refuse(params: {
    readonly epoch: number;
    readonly runId: string;
    /** Under which its queue refused it. */
    readonly deliveryId: string;
    readonly error: ErrorInfo;
  }): Promise<Fenced<null>>;
  /** Runs whose lease is overdue, and some of the others that were delivered: those from `cursor` on. */
  suspects(params: { readonly limit: number; readonly cursor: string }): Promise<SuspectPage>;
  /** Puts a suspect that no worker will run back into the outbox. */
  reap(params: {
    readonly epoch: number;
    readonly suspect: Suspect;
    readonly leaseMs: number;
  }): Promise<Fenced<ReapOutcome>>;
  /** Enters strays again. All live runs are counted again, once for all of them: give those of a page together; none, to count alone. */
  restoreRuns(params: { readonly epoch: number; readonly runIds: readonly string[] }): Promise<Fenced<null>>;
  /** Moves unreadable records of jobs to quarantine, with the reason. */
  quarantineJobs(params: { readonly epoch: number; readonly jobs: readonly DamagedJob[] }): Promise<Fenced<null>>;
  /** The same for runs. All live ones are counted again, once for all of them: give those of a page together. */
  quarantineRuns(params: { readonly epoch: number; readonly runs: readonly DamagedRun[] }): Promise<Fenced<null>>;
  /** Forgets workers that have been silent for this long and says so. */
  loseWorkers(params: { readonly epoch: number; readonly silentMs: number }): Promise<Fenced<readonly string[]>>;
}

/** A run that may be lost, and the delivery that the ledger names for it. */
export interface Suspect {
  readonly runId: string;
  readonly deliveryId: string;
  readonly executor: string;
}

export interface SuspectPage {
  readonly suspects: readonly Suspect[];
  /** Runs that are owed and nowhere, by id: another program wrote to the store. */
  readonly strays: readonly string[];
  /** Runs whose records cannot be read, by id. */
  readonly unreadable: readonly string[];
  /**
   * More live runs are counted than there are: another program removed some. The page of cursor `'0'` looks for this, job by job if the
   * ledger has one page.
   */
  readonly isMiscounted: boolean;
  readonly cursor: string;
}

/** `alive`: not overdue after all. `queued`: its delivery is unfinished, and its queue will see to it. */
export type ReapOutcome = 'reaped' | 'alive' | 'queued';

export interface DamagedRun {
  readonly id: string;
  readonly why: string;
  /** `job_quarantined` */
  readonly event: EventDraft;
}

export interface DamagedJob extends DamagedRun {
  /** The job is still due at this instant, and its `rev` is this one (null: it cannot be read): else it is left alone. */
  readonly dueAt: number;
  readonly rev: number | null;
}
