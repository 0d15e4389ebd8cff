import type { AskedBy } from '../by.js';
import type { EventDraft } from './event-draft.js';
import type { JobMatch } from './job-match.js';
import type { LedgerRun, NewRun } from './ledger.js';
import type { LookParams, StoreLook } from './store-look.js';
import type { MeasureParams, StoreMeasure } from './store-measure.js';

/** A job as it is stored; `json` is opaque to the store. */
export interface StoredJob {
  readonly id: string;
  /** Changes with every change of the job but a claim. */
  readonly rev: number;
  /** The `rev` at which the job was created, or its trigger or next run time last set by anything but a claim. */
  readonly generation: number;
  /** Digest of its trigger. */
  readonly digest: string;
  readonly json: string;
  /** The next fire; null while the job is paused. */
  readonly pending: Pending | null;
  /** Packed outcome of its last execution (`run/last-run.ts`), if any. */
  readonly last: string | null;
}

/** A fire that is to come. */
export interface Pending {
  /** The fire time that the trigger names, ms. */
  readonly fireTime: number;
  /** When it is due: the fire time and its jitter, ms. */
  readonly dueAt: number;
}

export interface JobReading {
  readonly now: number;
  /** In the order of the ids asked for. */
  readonly jobs: readonly (StoredJob | UnreadableJob | null)[];
  /** The trigger's digest, where a finished job left a tombstone. */
  readonly tombstones: readonly (string | null)[];
}

/** A job that cannot be read. Its `pending` is what stands in the schedule, be it an instant or not. */
export interface UnreadableJob {
  readonly id: string;
  /** null: its header cannot be read, or it has no record. */
  readonly rev: number | null;
  readonly why: string;
  readonly pending: Pending | null;
  /** A newer release wrote it. */
  readonly newer?: true;
}

/** What is to become of one job, under a check that it is still what was read. */
export interface JobChange {
  readonly id: string;
  /**
   * `rev` and due instant as they were read (`any`: it may have fired since); `unreadable`: its header cannot be read, still; null: no
   * such job, and this tombstone.
   */
  readonly expected:
    | { readonly rev: 'unreadable' }
    | { readonly rev: number; readonly dueAt: number | null | 'any' }
    | { readonly rev: null; readonly tombstone: string | null };
  /** The new record; null: the job and its tombstone are removed, but for the tombstone that it leaves. */
  readonly record: {
    readonly digest: string;
    readonly json: string;
    /** `kept`: whatever it is by now. The store then adds `nextRunTime` to the events. */
    readonly pending: Pending | null | 'kept';
    /** The trigger or the next run time was set. */
    readonly newGeneration: boolean;
  } | null;
  /** What a job leaves that is removed because it has finished. */
  readonly tombstone?: string;
  /** JSON of what the account is to say of it; left out: there was no job. */
  readonly account?: string;
  readonly events: readonly EventDraft[];
}

export interface PutParams {
  /** Names this call, so that a repeated one is told from a new one. */
  readonly op: string;
  /** The store's time at which the jobs were read. */
  readonly readAt: number;
  /** New jobs are added all together or not at all; of jobs that exist, each change is made by itself. No id comes twice. */
  readonly changes: readonly JobChange[];
}

/**
 * `done`: `left` are the places of the changes that were not made, because their job is no longer what was read.
 * `changed`: one that was to be new is there, or its tombstone is another; nothing was written. `stale`: the jobs were read too
 * long ago; nothing was written.
 */
export type PutOutcome =
  | { readonly status: 'done'; readonly left: readonly number[] }
  | { readonly status: 'changed' | 'stale' };

export interface SubmitParams {
  readonly op: string;
  readonly run: NewRun;
  /** A window in which a run is entered once; left out: there is none. */
  readonly dedupe?: DedupeWindow | undefined;
}

/** While the window of its key is open, no other run is entered under it. */
export interface DedupeWindow {
  readonly key: string;
  /** How long it is open, from when a run was entered under it. */
  readonly forMs: number;
}

/** What became of a submission. `duplicateOf`: nothing was entered, the window is of this run. */
export type SubmitOutcome = 'submitted' | 'waiting' | 'max_instances' | { readonly duplicateOf: string };

export interface CancelParams {
  readonly op: string;
  readonly runIds: readonly string[];
  /** Who asks for it, and why: the events of these runs tell, whoever ends them. */
  readonly by?: AskedBy | undefined;
}

/** `cancelled`: it has ended. `cancelling`: its worker will end it. `unknown`: no such run is owed. */
export type CancelOutcome = 'cancelled' | 'cancelling' | 'unknown';

/** What is known of a run. */
export interface RunReading {
  /** null: it is not owed (any more). */
  readonly live: LiveRun | null;
  /** What was settled of it, oldest first, as it was published; empty: nothing, or it is not kept any more. */
  readonly outcomes: readonly string[];
  /** The run in which it was run again; null: none, or it is owed yet. */
  readonly retriedAs: string | null;
}

export interface LiveRun {
  readonly run: LedgerRun;
  /** `waiting`: for an instance. `scheduled`: for when it is due. `queued`: for a worker. `retrying`: for its time to be tried again. */
  readonly state: 'waiting' | 'scheduled' | 'queued' | 'running' | 'retrying';
  /** When it is to be delivered, ms, where it is `scheduled` or `retrying`. */
  readonly notBefore: number | null;
  /** JSON that its worker told last. */
  readonly progress: string | null;
}

/** What was published, and its place among what is kept. */
export interface LoggedEvent {
  readonly id: string;
  readonly message: string;
}

/** A page of what was published, oldest first. */
export interface EventPage {
  readonly events: readonly LoggedEvent[];
  /** Events after the one asked for are not kept any more: some may be lost. */
  readonly gap: boolean;
}

/** After which event to begin: one's id, or what was published before an instant, ms. */
export type EventPosition = { readonly id: string } | { readonly before: number };

/** What is kept of a job, and what there is of it, all of one instant. */
export interface JobAccount {
  readonly now: number;
  /** Since when all of it is there, ms, but for what its first entry says that it has let go of. null: it is not written. */
  readonly from: number | null;
  /** Whether all firing of the store is stopped. */
  readonly paused: boolean;
  /** null: there is none (any more). `openStretches(job.last)` has those of its outcomes that go on. */
  readonly job: StoredJob | UnreadableJob | null;
  /** As docs/decisions/0014-the-account.md has them, oldest first. */
  readonly entries: readonly string[];
  /** How many live runs it counts. */
  readonly instances: number;
  /** Of a job whose `overlap` is not `skip`: its live runs, then the one that waits. */
  readonly runIds: readonly string[];
}

export interface RecentParams {
  readonly ids: readonly string[];
  /** How many entries of each account at most, the newest. */
  readonly entries: number;
}

/** The newest of what is kept of a job. */
export interface RecentAccount {
  /** As `StoredJob.last`. */
  readonly last: string | null;
  /** Oldest first. */
  readonly entries: readonly string[];
}

/** A page of what happened to a job store. */
export interface AccountPage {
  readonly from: number | null;
  /** Messages of events, the latest first; at the end `f` and an instant, ms, where those until then were let go of. */
  readonly entries: readonly string[];
  /** null: this was the last page. What happens meanwhile may have an entry come twice. */
  readonly cursor: string | null;
}

/** A page of jobs that are gone, and of which something is kept. */
export interface GonePage {
  /** Those first that went first; `at`: when, ms. */
  readonly jobs: readonly { readonly id: string; readonly at: number }[];
  /** Nothing is kept of jobs that went until then, ms, but of those that are named; null: of none that is young enough. */
  readonly forgotten: number | null;
  readonly cursor: string | null;
}

export interface NewestParams {
  readonly before: string | null;
  readonly limit: number;
}

/** An execution that failed: its `job_error`, without its stack. */
export interface Failure extends LoggedEvent {
  /** What its run was, and takes to be run again; null: that is not kept. */
  readonly run: FailedRun | null;
}

export interface FailedRun extends Pick<NewRun, 'maxInstances' | 'overlap' | 'executor' | 'priority' | 'history'> {
  /** Opaque to the store. '': it cannot be read. */
  readonly json: string;
}

/** Runs to enter in place of others, which failed. */
export interface RetryParams {
  readonly op: string;
  readonly runs: readonly { readonly retryOf: string; readonly run: NewRun }[];
}

/**
 * `retried`: it was run again before. `owed`: the one that failed has not ended yet. `max_instances`: its job has as many live runs as it
 * may, and nothing was entered.
 */
export type RetryOutcome = 'submitted' | 'retried' | 'owed' | 'max_instances';

export interface JobPage {
  readonly now: number;
  readonly jobs: readonly (StoredJob | UnreadableJob)[];
  /** Where the next page begins; null: this was the last. */
  readonly cursor: string | null;
}

export interface FindParams {
  readonly match: JobMatch;
  /** How many jobs at most. */
  readonly limit: number;
  /** How many jobs are looked at, at most. */
  readonly looks: number;
  /** From a page of `list` or `find`. */
  readonly cursor: string | null;
}

/** A record in quarantine. */
export interface Quarantined {
  readonly name: string;
  readonly why: string;
  readonly at: number | null;
  /** As it was, as far as it is text; null: there was none. */
  readonly raw: string | null;
  /** The key that it was moved to; null: it is kept here. */
  readonly movedTo: string | null;
  /** The job of it, or why it cannot be read now; null: it is of no job. */
  readonly job: StoredJob | UnreadableJob | null;
}

export interface RestoreParams {
  readonly op: string;
  readonly name: string;
  /** Of the job. */
  readonly id: string;
  readonly event: EventDraft;
}

export interface ForgetParams {
  readonly op: string;
  readonly name: string;
  readonly event: EventDraft;
}

/** `gone`: it is not in quarantine. `exists`: a job of its id is there. `unfit`: it is of no job. */
export type RestoreOutcome = 'restored' | 'gone' | 'exists' | 'unfit';

/** The producers' side of a job store. */
export interface JobRecords {
  read(ids: readonly string[]): Promise<JobReading>;
  /** A page, at most `limit` long, of the jobs by next run time, paused ones last. While jobs change, one may be listed twice or not at all. */
  list(params: { readonly limit: number; readonly cursor: string | null }): Promise<JobPage>;
  /**
   * A page of the jobs that may match, in the order of `list`: each that does is among them. It may be short, or empty, and others follow.
   */
  find(params: FindParams): Promise<JobPage>;
  put(params: PutParams): Promise<PutOutcome>;
  /**
   * Keeps jobs from firing for so long, or until they are put: a client that was refused again and again because they fired
   * changes them meanwhile. With 0, they are let go.
   */
  hold(params: { readonly ids: readonly string[]; readonly ms: number }): Promise<void>;
  /** Enters a run, without a leader. One of no job is not delivered before it is due. */
  submit(params: SubmitParams): Promise<SubmitOutcome>;
  /** Cancels runs, wherever they are. Answers for each. */
  cancel(params: CancelParams): Promise<readonly CancelOutcome[]>;
  /** In the order of the ids. */
  runs(runIds: readonly string[]): Promise<readonly RunReading[]>;
  /** The runs of a job (null: all) that are owed, a page of the ledger at a time. `cursor` begins with `'0'` and ends so. */
  liveRuns(params: {
    readonly jobId: string | null;
    readonly cursor: string;
  }): Promise<{ readonly runIds: readonly string[]; readonly cursor: string }>;
  /** Ids of the runs of a job whose outcomes are kept, newest first. */
  history(params: { readonly jobId: string; readonly limit: number }): Promise<readonly string[]>;
  /** Reads what was published and is kept: the last 20,000 events or so. */
  events(params: { readonly after: EventPosition; readonly limit: number }): Promise<EventPage>;
  account(id: string): Promise<JobAccount>;
  /** In the order of the ids. */
  recent(params: RecentParams): Promise<readonly RecentAccount[]>;
  storeAccount(params: { readonly limit: number; readonly cursor: string | null }): Promise<AccountPage>;
  goneJobs(params: { readonly limit: number; readonly cursor: string | null }): Promise<GonePage>;
  /**
   * The same backwards, newest first, before the event of an id (null: from the newest on); none: there are no others.
   */
  newest(params: NewestParams): Promise<readonly LoggedEvent[]>;
  /** What failed, newest first, in the same way: the last 10,000 of it, of 16 MiB and of the age of the account at most. */
  failures(params: NewestParams): Promise<readonly Failure[]>;
  /** Enters runs in place of others that failed, without a leader; each of those once. Answers for each. */
  retryRuns(params: RetryParams): Promise<readonly RetryOutcome[]>;
  /** Stops or starts all firing of this store; publishes the event if that changes anything. */
  setPaused(params: { readonly paused: boolean; readonly event: EventDraft }): Promise<void>;
  /** Publishes an event that goes with no change in this store. */
  announce(params: { readonly op: string; readonly event: EventDraft }): Promise<void>;
  /** Makes this store known, or forgotten, to whoever looks for stores. */
  register(known: boolean): Promise<void>;
  /** Records in quarantine: that of a name, or (null) all by name, at most so many. */
  quarantined(params: { readonly name: string | null; readonly limit: number }): Promise<readonly Quarantined[]>;
  /** Puts a job that is in quarantine back as it was. Whether it can be read is for the caller to know. */
  restoreJob(params: RestoreParams): Promise<RestoreOutcome>;
  /** Removes a record from quarantine, for good, and publishes the event. Answers whether there was one. */
  forgetQuarantined(params: ForgetParams): Promise<boolean>;
  /** Looks at the store as a whole, for people who look after it. */
  inspect(params: LookParams): Promise<StoreLook>;
  /** Measures the store, for metrics: in the same time however many jobs and runs there are. */
  measure(params: MeasureParams): Promise<StoreMeasure>;
}
