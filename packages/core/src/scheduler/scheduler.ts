import type { FireCounts } from '../account/counts/fire-counts.js';
import type { Explanation } from '../account/explain/explanation.js';
import type { RunExplanation } from '../account/explain/run-explanation.js';
import type { RecordedJobChange } from '../account/job-changes.js';
import type { AuditReport } from '../account/read/auditor.js';
import type { StoreHistory } from '../account/store-history.js';
import { type AskedBy, BY_OPTIONS, type By, checkBy } from '../by.js';
import { type Diagnosis, diagnosisOf } from '../doctor/diagnosis.js';
import { ShutDownError } from '../errors.js';
import { draft } from '../event/draft.js';
import type { EventType } from '../event/events.js';
import { checkEventTypes } from '../event/schema.js';
import type { JobIndexSize } from '../finding/job-index.js';
import type { Forecast } from '../forecast/forecast.js';
import {
  checkCall,
  checkChanges,
  checkEnqueueOptions,
  checkJobId,
  checkRunId,
  checkRunOptions,
  ENQUEUE_OPTIONS,
} from '../job/checks.js';
import { askedFor, type Defaults, fillEnqueued } from '../job/fill.js';
import { checkFilter, EACH_JOB, type JobFilter } from '../job/filter.js';
import type { JobChanges, JobChangesOf, JobSpec, JobSpecOf } from '../job/spec.js';
import type { JsonValue } from '../json.js';
import type { Backend } from '../ports/backend.js';
import type { StoreMeasure } from '../ports/store-measure.js';
import type { Run } from '../run/run.js';
import type { EnqueueArgs, TaskMap, TaskName, TaskResult, UntypedTasks } from '../tasks.js';
import type { Instruments } from '../telemetry/instruments.js';
import type { ProducedCall } from '../telemetry/telemetry.js';
import type { TraceContext } from '../telemetry/trace.js';
import { compileTrigger, type Trigger } from '../trigger/index.js';
import type {
  AuditOptions,
  CountFiresOptions,
  ExplainPeriod,
  ExplanationPage,
  OutcomesOfJob,
} from './account-client.js';
import { addingCall, addJobs } from './add-jobs.js';
import type { BulkOutcome } from './bulk.js';
import { type BulkOptions, type BulkRemoveOptions, checkBulk } from './bulk-options.js';
import {
  type AddOptions,
  type ChangeOptions,
  checkAdding,
  checkCancelRuns,
  checkChange,
  checkJobChange,
  checkRemoveOptions,
  type JobChangeOptions,
  type RemoveOptions,
} from './change-options.js';
import type { Changing } from './changing.js';
import { accepting, type Decide, modifying, pausing, resuming } from './decisions.js';
import { checkDiagnose, type DiagnoseOptions, MOST_JOBS } from './diagnose-options.js';
import { Diagnostician } from './diagnostician.js';
import { checkEventsFilter, type EventList, type EventsFilter, pageOfEvents } from './event-pages.js';
import { Forecaster, type ForecastOptions } from './forecaster.js';
import { INSPECTED, inspectionOf, type JobStoreInspection } from './inspection.js';
import { Job, type JobActions } from './job.js';
import type { JobClient } from './job-client.js';
import type { JobState } from './job-state.js';
import {
  checkCursor,
  checkLimit,
  checkRecordId,
  type JobList,
  type ListOptions,
  type QuarantineOptions,
} from './list-options.js';
import type { Listener, Subscription } from './listeners.js';
import type { ListenOptions } from './log-listeners.js';
import { checkNames, checkSchedulerOptions, type JobStoreOptions, type SchedulerOptions } from './options.js';
import { tableOf } from './print.js';
import type { QuarantinedRecord } from './quarantine.js';
import { requireTasks } from './require-task.js';
import {
  checkRetryFilter,
  type RetriedRuns,
  type RetryFilter,
  type RetryOptions,
  type RetryPreview,
} from './retry-options.js';
import { type Cancelled, checkTimeout, type RunHandle } from './run-handle.js';
import type { EnqueueOptions, GetResultOptions, RunJobOptions } from './run-options.js';
import { pageOfRuns } from './run-pages.js';
import { checkRunsFilter, type RunList, type RunsFilter, type RunsOptions } from './runs-filter.js';
import { checkChoice, type StoreChoice } from './store-choice.js';
import { StoreClients } from './store-clients.js';

/**
 * A client of the cluster: adds, changes and removes jobs, enqueues runs, listens. It connects at the first call and fails
 * fast where Redis is not reached. `T` is the type of the workers' task map.
 */
export class Scheduler<T extends TaskMap<T> = UntypedTasks> implements AsyncDisposable {
  readonly #backend: Backend;
  readonly #stores: StoreClients;
  readonly #defaults: Defaults;
  readonly #instruments: Instruments | undefined;
  readonly #endWatch: (() => void) | undefined;
  readonly #by: AskedBy;
  /** Of a view: the scheduler that it is a view of, which starts, serves and shuts down. */
  readonly #origin: Scheduler<T> | null;
  #isShutDown = false;
  /** By job store. */
  readonly #actions = new Map<string, JobActions<T>>();

  /** @throws InvalidOptionsError */
  constructor(options: SchedulerOptions) {
    if (options instanceof View) {
      const origin: Scheduler<T> = options.origin;
      this.#backend = origin.#backend;
      this.#stores = origin.#stores;
      this.#defaults = origin.#defaults;
      this.#by = options.by;
      this.#origin = origin;
      this.#instruments = origin.#instruments;
      this.#endWatch = undefined;
      return;
    }
    const checked = checkSchedulerOptions(options);
    const { backend, jobDefaults, timezone } = checked;
    this.#backend = backend;
    this.#defaults = { policy: jobDefaults, timezone };
    this.#stores = new StoreClients(checked);
    this.#instruments = checked.instruments;
    this.#endWatch = checked.instruments?.watch({ role: 'scheduler', stores: () => this.#stores.watched });
    this.#by = {};
    this.#origin = null;
  }

  /**
   * Returns a view of this scheduler whose changes name an actor: their events have `actor`, and `reason` where it is given here or in the
   * call. A call's own options count first. The view has no connection of its own: to start it or to shut it down does so to this
   * scheduler.
   * @throws InvalidOptionsError
   */
  as(by: By): Scheduler<T> {
    checkNames(by, BY_OPTIONS, 'as');
    return new Scheduler<T>(
      new View<T>(this.#origin ?? this, checkBy(by, 'as', this.#by)) as unknown as SchedulerOptions,
    );
  }

  /** Aliases of its job stores. */
  get jobStores(): readonly string[] {
    return this.#stores.aliases;
  }

  /** Connects, and makes its job stores known. @throws ConnectionError if Redis is not reached, FormatTooNewError, FormatTooOldError */
  async start(): Promise<void> {
    if (this.#origin) return this.#origin.start();
    this.#checkOpen();
    await this.#stores.start();
  }

  /**
   * Adds a job. With `replaceExisting`, one of the same id is changed in place: with an equal trigger it keeps its next run time, its
   * anchor and its pause; with another interval it keeps its anchor. A job that has finished under an equal trigger does not run again. A
   * job whose record cannot be read is replaced as a whole.
   * @throws InvalidJobError, InvalidTriggerError, ConflictingIdError, UnknownJobStoreError, UnknownTaskError, InvalidOptionsError,
   * InvalidArgumentsError if no living worker of its executor accepts its arguments
   */
  async addJob<K extends TaskName<T>>(spec: JobSpecOf<T, K>, options: AddOptions = {}): Promise<Job<T>> {
    const [job] = await this.#add<K>([spec], options, 'addJob');
    return job as Job<T>;
  }

  /**
   * Adds many jobs with few round trips. Every spec is checked before anything is written. The new jobs among each thousand of a
   * job store are added all together or not at all (of fewer, where their arguments exceed 4 MiB, or deciding takes more than
   * 10 s). With `replaceExisting`, each job that exists is changed by itself, whatever fires meanwhile: where the call fails,
   * some may be changed already; call it again. Returns the outcomes in the order of the specs.
   * @throws as addJob does; ContentionError if other clients change the same jobs again and again
   */
  async addJobs<K extends TaskName<T>>(
    specs: readonly JobSpecOf<T, K>[],
    options: AddOptions = {},
  ): Promise<readonly Job<T>[]> {
    return this.#add<K>(specs, options, 'addJobs');
  }

  async #add<K extends TaskName<T>>(
    specs: readonly JobSpecOf<T, K>[],
    options: AddOptions,
    call: string,
  ): Promise<readonly Job<T>[]> {
    const { by, dryRun, ifRevision } = checkAdding(options, call, this.#by);
    const clientOf = (jobStore: string | undefined) => this.#client(jobStore);
    const { chance } = this.#backend;
    // Without a spread: V8 adds members to the copy that it makes one by one.
    const work = (trace?: TraceContext) => {
      const defaults = trace ? { ...this.#defaults, trace } : this.#defaults;
      return addJobs(specs as readonly JobSpec<T>[], { clientOf, chance, defaults, by, dryRun, ifRevision });
    };
    const states = await (this.#instruments ? this.#instruments.produce(addingCall(specs), work) : work());
    return states.map((state) => this.#job(state));
  }

  /** @throws UnreadableJobError */
  async getJob(id: string, choice: StoreChoice = {}): Promise<Job<T> | undefined> {
    const { jobStore } = checkChoice(choice, 'getJob');
    const state = await this.#client(jobStore).get(checkJobId(id));
    return state && this.#job(state);
  }

  /**
   * A page of jobs. While jobs change, one may be listed twice or not at all. With a filter, it looks at 24,000 jobs at most: a page may have
   * fewer jobs than were asked for, or none, and others follow. `indexJobs` makes a text, tags and a task found among all jobs at once.
   * @throws InvalidOptionsError, InvalidJobError
   */
  async getJobs(options: ListOptions = {}): Promise<JobList<T>> {
    const {
      limit = 100,
      cursor = null,
      filter = {},
      jobStore,
    } = checkChoice(options, 'getJobs', ['limit', 'cursor', 'filter']);
    const match = checkFilter('getJobs', filter);
    const client = this.#client(jobStore);
    const [most, begin] = [checkLimit(limit), checkCursor(cursor)];
    const page = await (match ? client.find(match, most, begin) : client.list(most, begin));
    return { jobs: page.jobs.map((state) => this.#job(state)), cursor: page.cursor };
  }

  /**
   * Changes a job; what is left out stays. A trigger counts from now. Runs that are queued or running keep what they have. A job
   * may fire while it is changed: that run has the old arguments, each later one the new ones.
   * @throws JobNotFoundError, UnreadableJobError, InvalidJobError, InvalidTriggerError, ContentionError, StaleRevisionError, InvalidArgumentsError
   */
  async modifyJob<K extends TaskName<T>>(
    id: string,
    changes: JobChangesOf<T, K>,
    options: JobChangeOptions = {},
  ): Promise<Job<T>> {
    const { jobStore, ...changing } = checkJobChange(options, 'modifyJob', this.#by);
    const checked = checkChanges(checkJobId(id), changes as JobChanges<T>);
    const { timezone } = this.#defaults;
    if (checked.trigger !== undefined) compileTrigger(checked.trigger, { jobId: id, timezone });
    const { task = null, executor = null } = checked;
    return this.#observe('modifyJob', jobStore, { task, jobId: id, executor }, async (trace) => {
      const decide = modifying(checked, { timezone, trace });
      if (task === null && executor === null) return this.#change(id, jobStore, decide, changing);
      return this.#client(jobStore).contracts.checking((known) =>
        this.#change(id, jobStore, accepting(decide, known), changing),
      );
    });
  }

  /** Gives a job another trigger, which counts from now. A paused job stays paused. @throws as modifyJob does */
  async rescheduleJob(id: string, trigger: Trigger, options: JobChangeOptions = {}): Promise<Job<T>> {
    compileTrigger(trigger, { jobId: id, timezone: this.#defaults.timezone });
    return this.modifyJob(id, { trigger } as JobChangesOf<T, TaskName<T>>, options);
  }

  /**
   * Pauses a job. Fire times that its trigger names meanwhile do not exist: they neither run nor count as missed. @throws JobNotFoundError,
   * UnreadableJobError
   */
  async pauseJob(id: string, options: JobChangeOptions = {}): Promise<Job<T>> {
    const { jobStore, ...changing } = checkJobChange(options, 'pauseJob', this.#by);
    return this.#observe('pauseJob', jobStore, { jobId: id }, () => this.#change(id, jobStore, pausing, changing));
  }

  /** Resumes a job: it fires again from now on. @throws JobNotFoundError, UnreadableJobError */
  async resumeJob(id: string, options: JobChangeOptions = {}): Promise<Job<T>> {
    const { jobStore, ...changing } = checkJobChange(options, 'resumeJob', this.#by);
    return this.#observe('resumeJob', jobStore, { jobId: id }, () => this.#change(id, jobStore, resuming, changing));
  }

  /**
   * Removes a job, also one whose record cannot be read. Its runs go on, unless they are to be cancelled. It also removes the tombstone of
   * a finished job.
   * @throws JobNotFoundError
   */
  async removeJob(id: string, options: RemoveOptions = {}): Promise<void> {
    const { jobStore, cancelRuns, ...changing } = checkRemoveOptions(options, this.#by);
    const client = this.#client(jobStore);
    const jobId = checkJobId(id);
    await this.#observe('removeJob', jobStore, { jobId }, () =>
      cancelRuns ? client.removal.removeWithRuns(jobId, changing) : client.removal.remove(jobId, changing),
    );
  }

  /** Removes every job of a job store, and returns how many there were. The tombstones of finished jobs stay. */
  async removeAllJobs(options: ChangeOptions = {}): Promise<number> {
    const { jobStore, by } = checkChange(options, 'removeAllJobs', this.#by);
    const client = this.#client(jobStore);
    return this.#observe('removeAllJobs', jobStore, { count: 0 }, () => client.removal.removeAll(by));
  }

  /**
   * Counts the jobs that a filter matches. A filter without a condition matches every job; one with a condition does not match jobs whose
   * record cannot be read. With a condition, the call reads every job, a page at a time, and blocks no other call: 1,000,000 jobs take
   * seconds. The count is exact if no job is changed meanwhile.
   * @throws InvalidOptionsError
   */
  async countJobs(filter: JobFilter = {}, choice: StoreChoice = {}): Promise<number> {
    const { jobStore } = checkChoice(choice, 'countJobs');
    return this.#client(jobStore).count(checkFilter('countJobs', filter));
  }

  /**
   * Holds in memory what the jobs of a job store are found by: id, name, task, executor, description and tags. Until the index is there, or
   * where it finds more than 24,000 jobs, `getJobs` and `countJobs` look at the jobs as they do without it. From then on, they find jobs by
   * a text, tags, a task or another executor than `default` at once. Each job that the index finds is read and checked, and the log of the
   * job store is read up to its end before each search: what was written before a search is found.
   *
   * Resolves once the index is there; a second call finds it there. 1,000,000 jobs take seconds to read, and 34 MB of memory where
   * their ids have 15 characters and there is little else. The index reads the log of events once a second, and is dropped after 15
   * minutes without a search. null if it is not built, since there are no more than 24,000 jobs, or their texts have more than
   * 268,435,456 characters, or the log lost some of the events that were published meanwhile.
   */
  async indexJobs(choice: StoreChoice = {}): Promise<JobIndexSize | null> {
    const { jobStore } = checkChoice(choice, 'indexJobs');
    return this.#client(jobStore).index.prepare();
  }

  /**
   * Pauses each job that a filter matches, if they are as many as expected. They are changed by pages of 500: where the call fails, some
   * are changed already. A job that the filter no longer matches when its turn comes is skipped. The filter matches the jobs that
   * `countJobs` counts; a job whose record cannot be read is refused.
   * @throws UnexpectedCountError before anything is changed; InvalidOptionsError, ContentionError
   */
  async pauseJobs(filter: JobFilter, options: BulkOptions): Promise<BulkOutcome> {
    const { jobStore, expected, by } = checkBulk(options, 'pauseJobs', this.#by);
    const match = checkFilter('pauseJobs', filter) ?? EACH_JOB;
    const { bulk } = this.#client(jobStore);
    return this.#observe('pauseJob', jobStore, { count: expected }, () => bulk.pause(match, expected, by));
  }

  /** Resumes each job that a filter matches. @throws as pauseJobs does */
  async resumeJobs(filter: JobFilter, options: BulkOptions): Promise<BulkOutcome> {
    const { jobStore, expected, by } = checkBulk(options, 'resumeJobs', this.#by);
    const match = checkFilter('resumeJobs', filter) ?? EACH_JOB;
    const { bulk } = this.#client(jobStore);
    return this.#observe('resumeJob', jobStore, { count: expected }, () => bulk.resume(match, expected, by));
  }

  /**
   * Removes each job that a filter matches. A job whose record cannot be read is refused: `removeJob` removes it. @throws as pauseJobs does
   */
  async removeJobs(filter: JobFilter, options: BulkRemoveOptions): Promise<BulkOutcome> {
    const checked = checkBulk(options, 'removeJobs', this.#by, ['cancelRuns']);
    const { jobStore, expected, by } = checked;
    const cancelRuns = checkCancelRuns(checked, 'removeJobs') ?? false;
    const match = checkFilter('removeJobs', filter) ?? EACH_JOB;
    const { bulk } = this.#client(jobStore);
    return this.#observe('removeJob', jobStore, { count: expected }, () =>
      bulk.remove(match, expected, cancelRuns, by),
    );
  }

  /** Runs each job that a filter matches now, in addition to its trigger, as `runJob` does. @throws as pauseJobs does */
  async runJobs(filter: JobFilter, options: BulkOptions): Promise<BulkOutcome> {
    const { jobStore = 'default', expected, by } = checkBulk(options, 'runJobs', this.#by);
    const match = checkFilter('runJobs', filter) ?? EACH_JOB;
    const client = this.#client(jobStore);
    return this.#observe('runJob', jobStore, { count: expected }, (trace) =>
      client.bulk.run(match, expected, (id) => client.run(id, {}, { by, own: this.#by }, trace)),
    );
  }

  /** Writes a table of a job store's jobs, to standard output unless `write` is given. */
  async printJobs(options: StoreChoice & { readonly write?: (text: string) => unknown } = {}): Promise<void> {
    const { jobStore, write = (text: string) => process.stdout.write(text) } = checkChoice(options, 'printJobs', [
      'write',
    ]);
    const jobs: Job<T>[] = [];
    let cursor: string | null = null;
    do {
      const page: JobList<T> = await this.getJobs({ jobStore, cursor, limit: 1_000 });
      jobs.push(...page.jobs);
      cursor = page.cursor;
    } while (cursor !== null);
    write(tableOf(jobs));
  }

  /**
   * Runs a task once, without a job: now, or when `delay` or `at` says; also while the job store is paused.
   * @throws InvalidJobError, UnknownTaskError, InvalidOptionsError, InvalidArgumentsError
   */
  async enqueue<K extends TaskName<T>>(
    task: K,
    ...[args, options = {}]: [] extends EnqueueArgs<T, K>
      ? [args?: EnqueueArgs<T, K>, options?: EnqueueOptions]
      : [args: EnqueueArgs<T, K>, options?: EnqueueOptions]
  ): Promise<RunHandle<TaskResult<T, K>>> {
    checkNames(options, [...ENQUEUE_OPTIONS, ...BY_OPTIONS], 'enqueue');
    const { actor, reason, ...others } = options;
    const checked = checkEnqueueOptions(others);
    const by = checkBy({ actor, reason }, 'enqueue', this.#by);
    const call = fillEnqueued(checkCall(task, args ?? []), checked, this.#defaults);
    const client = this.#client(options.jobStore);
    if (options.requireTask) await requireTasks(client.store.records, [call]);
    await client.contracts.checking(async (known) => known.check(call));
    const { executor } = call;
    const { jobStore = 'default' } = options;
    const asker = { by, own: this.#by };
    return this.#observe('enqueue', jobStore, { task: call.task, executor }, (trace) =>
      client.enqueue<TaskResult<T, K>>({ ...call, trace }, askedFor(call.task, checked), asker),
    );
  }

  /**
   * Runs a job now, in addition to its trigger; also while it or its job store is paused. With `args` or `kwargs`, this run is called with
   * those.
   * @throws JobNotFoundError, UnreadableJobError, MaxInstancesError, InvalidJobError, InvalidArgumentsError
   */
  async runJob(id: string, options: RunJobOptions = {}): Promise<RunHandle> {
    const checked = checkChange(options, 'runJob', this.#by, ['args', 'kwargs', 'dedupe']);
    const { jobStore = 'default', by, args, kwargs, dedupe } = checked;
    const client = this.#client(jobStore);
    const jobId = checkJobId(id);
    const given = checkRunOptions(jobId, { args, kwargs, dedupe });
    return this.#observe('runJob', jobStore, { jobId }, (trace) => client.run(id, given, { by, own: this.#by }, trace));
  }

  /**
   * Returns what is known of a run; undefined if nothing is known, or it is not kept any more. Requested runs (`enqueue`, `runJob`) are
   * kept for an hour after they ended, or as `history` says; the others as the `history` of their job says.
   */
  async getRun(runId: string, choice: StoreChoice = {}): Promise<Run | undefined> {
    return this.#client(checkChoice(choice, 'getRun').jobStore).runs.get(checkRunId(runId));
  }

  /**
   * Waits for a run to end and returns the result of its task, as `RunHandle.result` does: for callers that have only its id.
   * @throws as that does; RunNotFoundError if nothing is known of it
   */
  async getResult(runId: string, options: GetResultOptions = {}): Promise<JsonValue> {
    const { jobStore, timeout } = checkChoice(options, 'getResult', ['timeout']);
    const timeoutMs = timeout === undefined ? null : checkTimeout(timeout);
    return this.#client(jobStore).runs.result(checkRunId(runId), timeoutMs);
  }

  /** Returns the runs of a job, newest first: the live ones, then the ended ones that are kept. It reads all live runs of the job store. */
  getRuns(jobId: string, options?: RunsOptions): Promise<readonly Run[]>;
  /**
   * A page of the runs of a whole job store: those that are owed, then those that have ended, newest first. What has ended is known as
   * far as the log of events goes back (20,000 events or so); of runs in the state `error` alone, the last 10,000 failures are. The value
   * of one that was executed may be left out as the log leaves it out: `getRun` has it, where it is kept.
   * @throws InvalidOptionsError, InvalidJobError
   */
  getRuns(filter?: RunsFilter): Promise<RunList>;
  async getRuns(which: string | RunsFilter = {}, options: RunsOptions = {}): Promise<readonly Run[] | RunList> {
    if (typeof which === 'string') return this.#runsOf(which, options);
    const match = checkRunsFilter(which);
    const { limit = 100, cursor = null, jobStore = 'default' } = which;
    const { records } = this.#client(jobStore).store;
    return pageOfRuns(records, jobStore, match, checkLimit(limit), checkCursor(cursor));
  }

  async #runsOf(jobId: string, options: RunsOptions): Promise<readonly Run[]> {
    const { limit = 100, jobStore } = checkChoice(options, 'getRuns', ['limit']);
    return this.#client(jobStore).runs.ofJob(checkJobId(jobId), checkLimit(limit));
  }

  /**
   * Returns the failed runs that `retryRuns` would run again, newest first. Failures are kept as long as `getRuns` returns them. Runs that
   * were already run again are left out.
   * @throws InvalidOptionsError, InvalidJobError
   */
  async previewRetry(filter: RetryFilter = {}): Promise<RetryPreview> {
    const match = checkRetryFilter('previewRetry', filter);
    const { runs, notKept } = await this.#client(filter.jobStore).runs.retryable(match);
    return { runs: runs.map(({ run }) => run), notKept };
  }

  /**
   * Runs failed runs again: for each one it enters a new run at once, with the same arguments and the same `scheduledRunTime`, whether the
   * job still exists or is paused. Each run is run again once, however many clients ask. `runIds` names the runs of a preview, and
   * `expected` is their number.
   * @throws UnexpectedCountError if there are more or fewer than expected: then none is run again; InvalidOptionsError, InvalidJobError
   */
  async retryRuns(filter: RetryFilter, options: RetryOptions): Promise<RetriedRuns> {
    const match = checkRetryFilter('retryRuns', filter);
    checkNames(options, ['expected', ...BY_OPTIONS], 'retryRuns');
    const { expected, ...given } = options;
    const asker = { by: checkBy(given, 'retryRuns', this.#by), own: this.#by };
    const { runs } = this.#client(filter.jobStore);
    return this.#observe('retryRuns', filter.jobStore, { count: expected }, () => runs.retry(match, expected, asker));
  }

  /**
   * Explains an instant of a job: what ran then, why nothing ran, or what will run. For a period it explains each fire time and each
   * outcome, 100 at most unless `limit` is another number. An instant is a Date or an ISO string; a string without an offset is a time of
   * the job's zone. It reads the job's account, which has limits: see `docs/account.md`.
   * @throws InvalidOptionsError
   */
  explain(jobId: string, instant: Date | string, choice?: StoreChoice): Promise<Explanation>;
  explain(jobId: string, period: ExplainPeriod, choice?: StoreChoice): Promise<ExplanationPage>;
  async explain(
    jobId: string,
    when: Date | string | ExplainPeriod,
    choice: StoreChoice = {},
  ): Promise<Explanation | ExplanationPage> {
    const { jobStore } = checkChoice(choice, 'explain');
    return this.#client(jobStore).account.explain(checkJobId(jobId), when);
  }

  /**
   * Counts what happened at the fire times of a job, and what is to come, in equal buckets of a period: executed, failed, missed and so on.
   * It reads entries of the account and days, however often the job fires: a year costs about as much as a minute.
   * @throws JobNotFoundError if nothing is known of it, InvalidOptionsError
   */
  async countFires(jobId: string, options: CountFiresOptions): Promise<FireCounts> {
    const { jobStore, ...period } = checkChoice(options, 'countFires', ['from', 'to', 'buckets']);
    return this.#client(jobStore).account.countFires(checkJobId(jobId), period);
  }

  /** Describes the life of a run: its outcome, when and where, as far as that is kept. @throws RunNotFoundError if nothing is known of it */
  async explainRun(runId: string, choice: StoreChoice = {}): Promise<RunExplanation> {
    return this.#client(checkChoice(choice, 'explainRun').jobStore).account.explainRun(checkRunId(runId));
  }

  /**
   * The newest outcomes of many jobs, in the order of the ids, of each at most `limit` (30 where it is left out; up to 100), newest first: since
   * the job was added, as far as its account goes. Fire times that were missed or coalesced together are one outcome. At most 200 jobs.
   * @throws InvalidOptionsError, InvalidJobError
   */
  async recentOutcomes(
    ids: readonly string[],
    options: StoreChoice & { readonly limit?: number | undefined } = {},
  ): Promise<readonly OutcomesOfJob[]> {
    const { limit = 30, jobStore } = checkChoice(options, 'recentOutcomes', ['limit']);
    return this.#client(jobStore).account.recentOutcomes(ids, limit);
  }

  /**
   * Returns the recorded changes of a job, each with its actor, its reason and the changed fields: newest first, at most `limit` (100 where
   * it is left out; up to 10,000). They come from the account of the job, which is kept for up to 90 days after the job ends.
   * @throws JobNotFoundError if nothing is known of the job
   */
  async getChanges(
    jobId: string,
    options: StoreChoice & { readonly limit?: number | undefined } = {},
  ): Promise<readonly RecordedJobChange[]> {
    const { limit = 100, jobStore } = checkChoice(options, 'getChanges', ['limit']);
    return this.#client(jobStore).account.changes(checkJobId(jobId), limit);
  }

  /**
   * Returns the leaders of a job store, the workers that served it, and its pauses: newest first, of each at most `limit` (100 where it is
   * left out).
   * @param options `since`: as far back as this instant at least; where it is left out, as far as the account goes.
   * @throws InvalidOptionsError
   */
  async getStoreHistory(
    options: StoreChoice & { readonly since?: Date | undefined; readonly limit?: number | undefined } = {},
  ): Promise<StoreHistory> {
    const { since, limit = 100, jobStore } = checkChoice(options, 'getStoreHistory', ['since', 'limit']);
    return this.#client(jobStore).account.history(since, limit);
  }

  /**
   * Works out each fire time of each revision of the jobs of a job store, and compares them with the outcomes that are kept: each should
   * have one. Reads the store a job at a time; it can take long where there are many, and blocks no other call.
   * @throws InvalidOptionsError
   * @throws JobNotFoundError if nothing is known of a job that `jobs` names
   */
  async audit(options: AuditOptions = {}): Promise<AuditReport> {
    const { jobStore, ...given } = checkChoice(options, 'audit', ['from', 'to', 'jobs']);
    return this.#client(jobStore).account.audit(given);
  }

  /**
   * Predicts the fires of each minute of the next 24 hours, by executor, the slots that they will take by the recent durations of runs, and
   * the worst steps with their jobs. Where jitter may delay a fire, it is spread over several steps. The call reads the jobs that are due
   * in that time, a page at a time, and computes in this process: it asks no leader and no worker.
   * @throws InvalidOptionsError
   */
  async forecast(options: ForecastOptions = {}): Promise<Forecast> {
    const { jobStore } = checkChoice(options, 'forecast', ['from', 'to', 'by', 'executor', 'worst']);
    return new Forecaster(this.#client(jobStore).store).forecast(options);
  }

  /**
   * Cancels a run, wherever it is. If it is running, its signal is aborted, and its executor stops it if it can: `job_cancelled` reports
   * that it has ended.
   * @throws RunNotFoundError if it is not owed
   */
  async cancelRun(runId: string, options: ChangeOptions = {}): Promise<Cancelled> {
    const { jobStore, by } = checkChange(options, 'cancelRun', this.#by);
    const { runs } = this.#client(jobStore);
    checkRunId(runId);
    return this.#observe('cancelRun', jobStore, { runId }, () => runs.cancel(runId, by));
  }

  /** Stops all firing of a job store, in the whole cluster. Fire times meanwhile are owed at resume. */
  async pause(options: ChangeOptions = {}): Promise<void> {
    const { jobStore = 'default', by } = checkChange(options, 'pause', this.#by);
    const { records } = this.#client(jobStore).store;
    const event = draft(jobStore, 'scheduler_paused', by);
    await this.#observe('pause', jobStore, {}, () => records.setPaused({ paused: true, event }));
  }

  async resume(options: ChangeOptions = {}): Promise<void> {
    const { jobStore = 'default', by } = checkChange(options, 'resume', this.#by);
    const { records } = this.#client(jobStore).store;
    const event = draft(jobStore, 'scheduler_resumed', by);
    await this.#observe('resume', jobStore, {}, () => records.setPaused({ paused: false, event }));
  }

  /** Records that could not be read, and were moved out of the way as they were; by id. */
  async getQuarantined(options: QuarantineOptions = {}): Promise<readonly QuarantinedRecord[]> {
    const { id, limit = 100, jobStore } = checkChoice(options, 'getQuarantined', ['id', 'limit']);
    return this.#client(jobStore).quarantine.list(id ?? null, checkLimit(limit));
  }

  /**
   * Puts a job that is in quarantine back, if it can be read now: after all were brought to the version that wrote it. It is due
   * when it was: what its trigger named meanwhile is owed, as after an outage. Runs are not put back: whether one has happened
   * is not known.
   * @throws NotQuarantinedError; NotRestorableError if it cannot be read yet, or is not a job; ConflictingIdError if a job of its
   * id was added meanwhile
   */
  async restoreQuarantined(id: string, options: ChangeOptions = {}): Promise<Job<T>> {
    checkRecordId(id, 'restoreQuarantined');
    const { jobStore, by } = checkChange(options, 'restoreQuarantined', this.#by);
    return this.#job(await this.#client(jobStore).quarantine.restore(id, by));
  }

  /** Removes a record from quarantine, for good. @throws NotQuarantinedError */
  async removeQuarantined(id: string, options: ChangeOptions = {}): Promise<void> {
    checkRecordId(id, 'removeQuarantined');
    const { jobStore, by } = checkChange(options, 'removeQuarantined', this.#by);
    await this.#client(jobStore).quarantine.remove(id, by);
  }

  /** Describes a job store as a whole: its leader, its workers, its owed runs. The call takes the store some ms. */
  async inspect(choice: StoreChoice = {}): Promise<JobStoreInspection> {
    const { jobStore = 'default' } = checkChoice(choice, 'inspect');
    return inspectionOf(jobStore, await this.#client(jobStore).store.records.inspect(INSPECTED));
  }

  /**
   * Finds what is wrong with the server and with job stores, and what to do about it, as `carillon doctor` does. It writes nothing. It
   * reads the first 100,000 jobs of each job store, a page at a time, or as many as `jobs` says.
   * @throws InvalidOptionsError, UnknownJobStoreError, ConnectionError
   */
  async diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
    const { jobStores = this.jobStores, jobs = MOST_JOBS } = checkDiagnose(options);
    const stores = jobStores.map((alias) => this.#client(alias).store);
    return diagnosisOf(await new Diagnostician(this.#backend).facts(stores, jobs));
  }

  /** Measures a job store, as metrics do: in the same time however many jobs and runs there are. It has no series of single jobs. */
  async measure(choice: StoreChoice = {}): Promise<StoreMeasure> {
    const { jobStore } = checkChoice(choice, 'measure');
    return this.#client(jobStore).store.records.measure({ jobs: 0, executors: [] });
  }

  /**
   * Adds a job store while this scheduler is in use, and makes it known to clients that look for job stores. It is served by the
   * coordinators and workers that name it in their `jobStores`, or whose own `addJobStore` was called.
   * @param options another Redis for this job store alone; where it is left out, it is where the others are. And the actor of the call
   * @throws InvalidJobError if this is not an alias, InvalidOptionsError, JobStoreExistsError; ConnectionError if Redis is not reached: then
   * nothing has changed here
   */
  async addJobStore(alias: string, options: JobStoreOptions & By = {}): Promise<void> {
    const { by, others } = apart(options, 'addJobStore', this.#by);
    if (this.#origin) return this.#origin.addJobStore(alias, { ...others, ...by });
    this.#checkOpen();
    await this.#stores.add(alias, others, by);
  }

  /**
   * Forgets a job store. Its jobs stay where they are.
   * @throws UnknownJobStoreError, InvalidOptionsError; ConnectionError if Redis is not reached: the job store is forgotten here anyway
   */
  async removeJobStore(alias: string, given: By = {}): Promise<void> {
    checkNames(given, BY_OPTIONS, 'removeJobStore');
    const by = checkBy(given, 'removeJobStore', this.#by);
    if (this.#origin) return this.#origin.removeJobStore(alias, by);
    this.#checkOpen();
    await this.#stores.remove(alias, by);
  }

  /**
   * Calls back with each event of these types (all, where left out) of every job store of this scheduler. Resolves once subscribed. Nothing
   * is kept for a client that is not subscribed: a gap in `seq` shows a loss. A listener that needs every event gives `since`: it gets one
   * event after the other, and the next one waits until it has returned. A callback that is added again changes its types.
   * @throws InvalidOptionsError, UnknownJobStoreError
   */
  async addListener<Type extends EventType = EventType>(
    callback: Listener<NoInfer<Type>>,
    types?: readonly Type[],
    options?: ListenOptions,
  ): Promise<Subscription> {
    this.#checkOpen();
    return this.#stores.listeners.add(callback as Listener, types && checkEventTypes(types), options);
  }

  /**
   * Returns a page of the events of a job store, newest first, as far as its log goes back: some 20,000 events.
   * @throws InvalidOptionsError, InvalidJobError
   */
  async getEvents(filter: EventsFilter = {}): Promise<EventList> {
    const checked = checkEventsFilter(filter);
    return pageOfEvents(this.#client(filter.jobStore).store.records, checked);
  }

  async removeListener<Type extends EventType>(callback: Listener<Type>): Promise<void> {
    await this.#stores.listeners.remove(callback as Listener);
  }

  /** Disconnects. The cluster goes on. */
  async shutdown(): Promise<void> {
    if (this.#origin) return this.#origin.shutdown();
    if (this.#isShutDown) return;
    this.#isShutDown = true;
    this.#endWatch?.();
    await this.#stores.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /** Where nothing observes, it is just done. */
  #produce<R>(call: ProducedCall, work: (trace?: TraceContext) => Promise<R>): Promise<R> {
    return this.#instruments ? this.#instruments.produce(call, work) : work();
  }

  /** The same for a call about one job or run, or as many as it says. */
  #observe<R>(
    operation: ProducedCall['operation'],
    jobStore = 'default',
    of: Partial<Omit<ProducedCall, 'operation' | 'jobStore'>>,
    work: (trace?: TraceContext) => Promise<R>,
  ): Promise<R> {
    return this.#produce({ operation, jobStore, task: null, jobId: null, executor: null, count: 1, ...of }, work);
  }

  #checkOpen(): void {
    if ((this.#origin ?? this).#isShutDown) throw new ShutDownError('scheduler');
  }

  #client(alias = 'default'): JobClient {
    this.#checkOpen();
    return this.#stores.get(alias);
  }

  async #change(id: string, jobStore: string | undefined, decide: Decide, changing: Changing): Promise<Job<T>> {
    return this.#job(await this.#client(jobStore).change(checkJobId(id), decide, changing));
  }

  #job(state: JobState): Job<T> {
    return new Job(state, this.#actionsOf(state.jobStore));
  }

  /** What jobs of a job store can be asked to do. */
  #actionsOf(jobStore: string): JobActions<T> {
    const known = this.#actions.get(jobStore);
    if (known) return known;
    const choice = { jobStore };
    const actions: JobActions<T> = {
      modify: (id, changes, by) => this.modifyJob(id, changes as JobChangesOf<T, TaskName<T>>, { ...by, ...choice }),
      reschedule: (id, trigger, by) => this.rescheduleJob(id, trigger, { ...by, ...choice }),
      pause: (id, by) => this.pauseJob(id, { ...by, ...choice }),
      resume: (id, by) => this.resumeJob(id, { ...by, ...choice }),
      remove: (id, options) => this.removeJob(id, { ...options, ...choice }),
      run: (id, by) => this.runJob(id, { ...by, ...choice }),
    };
    this.#actions.set(jobStore, actions);
    return actions;
  }
}

/** What a constructor is given in place of options, to make a view. */
class View<T extends TaskMap<T>> {
  readonly origin: Scheduler<T>;
  readonly by: AskedBy;

  constructor(origin: Scheduler<T>, by: AskedBy) {
    this.origin = origin;
    this.by = by;
  }
}

/** The actor and the reason, and the other options. A value that is not an object is refused by the check of the others. */
function apart<O extends object>(
  options: O & By,
  call: string,
  own: AskedBy,
): { readonly others: O; readonly by: AskedBy } {
  if (typeof options !== 'object' || options === null) return { others: options, by: own };
  const { actor, reason, ...others } = options;
  return { others: others as unknown as O, by: checkBy({ actor, reason }, call, own) };
}
