import type { EventDraft } from '../ports/event-draft.js';
import type {
  AccountPage,
  AccountsParams,
  CancelOutcome,
  CancelParams,
  EventPage,
  EventPosition,
  EveryJobPage,
  Failure,
  FindParams,
  ForgetParams,
  GonePage,
  JobAccount,
  JobPage,
  JobReading,
  JobRecords,
  LoggedEvent,
  NewestParams,
  PutOutcome,
  PutParams,
  RecentAccount,
  RecentParams,
  RestoreOutcome,
  RestoreParams,
  RetryOutcome,
  RetryParams,
  RunReading,
  SubmitOutcome,
  SubmitParams,
} from '../ports/job-records.js';
import type { LookParams, StoreLook } from '../ports/store-look.js';
import type { MeasureParams, StoreMeasure } from '../ports/store-measure.js';
import type { ExecutorQueues } from './delivery-queue.js';
import { account, accounts } from './store/account.js';
import { announce } from './store/announce.js';
import { cancel } from './store/cancel.js';
import { dueInstants } from './store/due-instants.js';
import { everyJob } from './store/every-job.js';
import { find } from './store/find.js';
import { forgetQuarantined } from './store/forget-quarantined.js';
import { goneJobs } from './store/gone-jobs.js';
import { hold } from './store/hold.js';
import { inspect } from './store/inspect.js';
import { list } from './store/list.js';
import { liveRuns } from './store/live-runs.js';
import { measure } from './store/measure.js';
import { pause } from './store/pause.js';
import { put } from './store/put.js';
import { quarantined } from './store/quarantined.js';
import { read } from './store/read.js';
import { recent } from './store/recent.js';
import { register } from './store/register.js';
import { restoreJob } from './store/restore-job.js';
import { retryRuns } from './store/retry-runs.js';
import { runs } from './store/runs.js';
import type { StoreState } from './store/state.js';
import { storeAccount } from './store/store-account.js';
import { submit } from './store/submit.js';
import type { StoreLine } from './store-line.js';

/** The producers' side of a job store in memory. */
export class MemoryJobRecords implements JobRecords {
  readonly #line: StoreLine;
  readonly #state: StoreState;
  readonly #queues: ExecutorQueues;
  /** Aliases of the job stores that exist. */
  readonly #known: Set<string>;

  constructor(line: StoreLine, state: StoreState, queues: ExecutorQueues, known: Set<string>) {
    this.#line = line;
    this.#state = state;
    this.#queues = queues;
    this.#known = known;
  }

  read(ids: readonly string[]): Promise<JobReading> {
    return this.#line.ask('read', () => read(this.#state, ids));
  }

  list({ limit, cursor }: { readonly limit: number; readonly cursor: string | null }): Promise<JobPage> {
    return this.#line.ask('list', () => list(this.#state, limit, cursor));
  }

  find(params: FindParams): Promise<JobPage> {
    return this.#line.ask('find', () => find(this.#state, params));
  }

  everyJob(): Promise<EveryJobPage> {
    return this.#line.ask('everyJob', () => everyJob(this.#state));
  }

  dueInstants(ids: readonly string[]): Promise<readonly (number | null)[]> {
    return this.#line.ask('dueInstants', () => dueInstants(this.#state, ids));
  }

  put(params: PutParams): Promise<PutOutcome> {
    return this.#line.ask('put', () => put(this.#state, params));
  }

  hold({ ids, ms }: { readonly ids: readonly string[]; readonly ms: number }): Promise<void> {
    return this.#line.ask('hold', () => hold(this.#state, ids, ms));
  }

  submit(params: SubmitParams): Promise<SubmitOutcome> {
    return this.#line.ask('submit', () => submit(this.#state, params));
  }

  cancel(params: CancelParams): Promise<readonly CancelOutcome[]> {
    return this.#line.ask('cancel', () => cancel(this.#state, params));
  }

  runs(runIds: readonly string[]): Promise<readonly RunReading[]> {
    return this.#line.ask('runs', () => runs(this.#state, runIds));
  }

  liveRuns({ jobId, cursor }: { readonly jobId: string | null; readonly cursor: string }) {
    return this.#line.ask('liveRuns', () => liveRuns(this.#state, jobId, cursor));
  }

  history({ jobId, limit }: { readonly jobId: string; readonly limit: number }): Promise<readonly string[]> {
    return this.#line.ask('history', () => this.#state.histories.newest(jobId, limit, this.#state.now()));
  }

  events({ after, limit }: { readonly after: EventPosition; readonly limit: number }): Promise<EventPage> {
    return this.#line.ask('events', () => this.#state.log.read(after, limit));
  }

  account(id: string): Promise<JobAccount> {
    return this.#line.ask('account', () => account(this.#state, id));
  }

  accounts(params: AccountsParams): Promise<readonly JobAccount[]> {
    return this.#line.ask('accounts', () => accounts(this.#state, params));
  }

  recent(params: RecentParams): Promise<readonly RecentAccount[]> {
    return this.#line.ask('recent', () => recent(this.#state, params));
  }

  storeAccount({ limit, cursor }: { readonly limit: number; readonly cursor: string | null }): Promise<AccountPage> {
    return this.#line.ask('storeAccount', () => storeAccount(this.#state, Number(cursor ?? 0), limit));
  }

  goneJobs({ limit, cursor }: { readonly limit: number; readonly cursor: string | null }): Promise<GonePage> {
    return this.#line.ask('goneJobs', () => goneJobs(this.#state, Number(cursor ?? 0), limit));
  }

  newest({ before, limit }: NewestParams): Promise<readonly LoggedEvent[]> {
    return this.#line.ask('newest', () => this.#state.log.newest(before, limit));
  }

  failures({ before, limit }: NewestParams): Promise<readonly Failure[]> {
    return this.#line.ask('failures', () => this.#state.failures.newest(before, limit, this.#state.now()));
  }

  retryRuns(params: RetryParams): Promise<readonly RetryOutcome[]> {
    return this.#line.ask('retryRuns', () => retryRuns(this.#state, params));
  }

  setPaused(params: { readonly paused: boolean; readonly event: EventDraft }): Promise<void> {
    return this.#line.ask('setPaused', () => pause(this.#state, params));
  }

  announce(params: { readonly op: string; readonly event: EventDraft }): Promise<void> {
    return this.#line.ask('announce', () => announce(this.#state, params));
  }

  register(known: boolean): Promise<void> {
    return this.#line.ask('register', () => register(this.#state, this.#known, known));
  }

  quarantined({ name, limit }: { readonly name: string | null; readonly limit: number }) {
    return this.#line.ask('quarantined', () => quarantined(this.#state, name, limit));
  }

  restoreJob(params: RestoreParams): Promise<RestoreOutcome> {
    return this.#line.ask('restoreJob', () => restoreJob(this.#state, params));
  }

  forgetQuarantined(params: ForgetParams): Promise<boolean> {
    return this.#line.ask('forgetQuarantined', () => forgetQuarantined(this.#state, params));
  }

  inspect(params: LookParams): Promise<StoreLook> {
    return this.#line.ask('inspect', () => inspect(this.#state, this.#queues, params));
  }

  measure(params: MeasureParams): Promise<StoreMeasure> {
    return this.#line.ask('measure', () => measure(this.#state, this.#queues, params));
  }
}
