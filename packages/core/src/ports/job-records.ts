import type { EventDraft } from './event-draft.js';
import type {
  AccountPage,
  AccountsParams,
  GonePage,
  JobAccount,
  RecentAccount,
  RecentParams,
} from './records/account.js';
import type { PutOutcome, PutParams } from './records/changes.js';
import type { EveryJobPage, EveryJobParams, FindParams, JobPage, JobReading } from './records/jobs.js';
import type { EventPage, EventPosition, LoggedEvent, NewestParams } from './records/log.js';
import type { ForgetParams, Quarantined, RestoreOutcome, RestoreParams } from './records/quarantine.js';
import type { Failure, RetryOutcome, RetryParams } from './records/retries.js';
import type { CancelOutcome, CancelParams, RunReading, SubmitOutcome, SubmitParams } from './records/runs.js';
import type { LookParams, StoreLook } from './store-look.js';
import type { MeasureParams, StoreMeasure } from './store-measure.js';

export type * from './records/account.js';
export type * from './records/changes.js';
export type * from './records/jobs.js';
export type * from './records/log.js';
export type * from './records/quarantine.js';
export type * from './records/retries.js';
export type * from './records/runs.js';

/** The producers' side of a job store. */
export interface JobRecords {
  read(ids: readonly string[]): Promise<JobReading>;
  /** A page, at most `limit` long, of the jobs by next run time, paused ones last. While jobs change, one may be listed twice or not at all. */
  list(params: { readonly limit: number; readonly cursor: string | null }): Promise<JobPage>;
  /**
   * A page of the jobs that may match, in the order of `list`: each that does is among them. It may be short, or empty, and others follow.
   */
  find(params: FindParams): Promise<JobPage>;
  /** A page of all jobs, in no order: one that is there all the while is in some page. The first cursor is `'0'`; a returned `'0'` means the end. */
  everyJob(params: EveryJobParams): Promise<EveryJobPage>;
  /** When jobs are due, in the order of the ids, at most 2,000; null if it is paused, or there is none. */
  dueInstants(ids: readonly string[]): Promise<readonly (number | null)[]>;
  put(params: PutParams): Promise<PutOutcome>;
  /**
   * Keeps jobs from firing for a time, or until they are put: a client that was refused again and again because they fired changes them
   * meanwhile. 0 releases them.
   */
  hold(params: { readonly ids: readonly string[]; readonly ms: number }): Promise<void>;
  /** Enters a run, without a leader. One of no job is not delivered before it is due. */
  submit(params: SubmitParams): Promise<SubmitOutcome>;
  /** Cancels runs, wherever they are. Returns an outcome for each. */
  cancel(params: CancelParams): Promise<readonly CancelOutcome[]>;
  /** In the order of the ids. */
  runs(runIds: readonly string[]): Promise<readonly RunReading[]>;
  /** The runs of a job (null: all) that are owed, a page of the ledger at a time. The first cursor is `'0'`; a returned `'0'` means the end. */
  liveRuns(params: {
    readonly jobId: string | null;
    readonly cursor: string;
  }): Promise<{ readonly runIds: readonly string[]; readonly cursor: string }>;
  /** Ids of the runs of a job whose outcomes are kept, newest first. */
  history(params: { readonly jobId: string; readonly limit: number }): Promise<readonly string[]>;
  /** Reads what was published and is kept: the last 20,000 events or so. */
  events(params: { readonly after: EventPosition; readonly limit: number }): Promise<EventPage>;
  /** Reads the log backwards, newest first, before the event of an id (null: from the newest on). An empty list: there are no others. */
  newest(params: NewestParams): Promise<readonly LoggedEvent[]>;
  account(id: string): Promise<JobAccount>;
  /** The accounts of the first ids, in their order: at least one, and more until they have this many entries together. */
  accounts(params: AccountsParams): Promise<readonly JobAccount[]>;
  /** In the order of the ids. */
  recent(params: RecentParams): Promise<readonly RecentAccount[]>;
  storeAccount(params: { readonly limit: number; readonly cursor: string | null }): Promise<AccountPage>;
  goneJobs(params: { readonly limit: number; readonly cursor: string | null }): Promise<GonePage>;
  /** Reads what failed, newest first, with the parameters of `newest`: the last 10,000 failures, of 16 MiB and of the age of the account at most. */
  failures(params: NewestParams): Promise<readonly Failure[]>;
  /** Enters runs in place of others that failed, without a leader; each of those once. Returns an outcome for each. */
  retryRuns(params: RetryParams): Promise<readonly RetryOutcome[]>;
  /** Stops or starts all firing of this store; publishes the event if that changes anything. */
  setPaused(params: { readonly paused: boolean; readonly event: EventDraft }): Promise<void>;
  /** Publishes an event that goes with no change in this store. */
  announce(params: { readonly op: string; readonly event: EventDraft }): Promise<void>;
  /** Makes this store known, or forgotten, to clients that look for stores. */
  register(known: boolean): Promise<void>;
  /** Records in quarantine: the one of a name, or (null) all by name, at most `limit`. */
  quarantined(params: { readonly name: string | null; readonly limit: number }): Promise<readonly Quarantined[]>;
  /** Puts a job that is in quarantine back as it was. Whether it can be read is for the caller to know. */
  restoreJob(params: RestoreParams): Promise<RestoreOutcome>;
  /** Removes a record from quarantine, for good, and publishes the event. Returns whether there was one. */
  forgetQuarantined(params: ForgetParams): Promise<boolean>;
  /** Reads the store as a whole, for its operators. */
  inspect(params: LookParams): Promise<StoreLook>;
  /** Measures the store, for metrics: in the same time however many jobs and runs there are. */
  measure(params: MeasureParams): Promise<StoreMeasure>;
}
