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
 * A client of the cluster: adds, changes and removes jobs, enqueues runs, and listens to events. It connects at the first call, and
 * fails fast if Redis cannot be reached. `T` is the type of the workers' task map.
 */
export class Scheduler<T extends TaskMap<T> = UntypedTasks> implements AsyncDisposable {
  readonly #backend: Backend;
  readonly #stores: StoreClients;
  readonly #defaults: Defaults;
  readonly #instruments: Instruments | undefined;
  readonly #endWatch: (() => void) | undefined;
  readonly #by: AskedBy;
  /** Of a view: the scheduler that it was made from, which starts, serves and shuts down. null if this is not a view. */
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
   * Returns a view of this scheduler that records an actor with each change. The events of the change have `actor`, and `reason` if one
   * is given here or in the call. The options of a call override those of the view. The view shares the connection of this scheduler:
   * `start` and `shutdown` of the view start and shut down this scheduler.
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

  /** Connects, and registers its job stores. @throws ConnectionError if Redis cannot be reached, FormatTooNewError, FormatTooOldError */
  async start(): Promise<void> {
    if (this.#origin) return this.#origin.start();
    this.#checkOpen();
    await this.#stores.start();
  }

  /**
   * Adds a job. With `replaceExisting`, a job of the same id is changed in place. If its trigger is equal, it keeps its next run time,
   * its anchor, and whether it is paused. If only the interval differs, it keeps its anchor. A job that has finished with an equal
   * trigger does not run again. A job whose record cannot be read is replaced as a whole.
   * @throws InvalidJobError, InvalidTriggerError, ConflictingIdError, UnknownJobStoreError, UnknownTaskError, InvalidOptionsError,
   * InvalidArgumentsError if no living worker of its executor accepts its arguments
   */
  async addJob<K extends TaskName<T>>(spec: JobSpecOf<T, K>, options: AddOptions = {}): Promise<Job<T>> {
    const [job] = await this.#add<K>([spec], options, 'addJob');
    return job as Job<T>;
  }

  /**
   * Adds many jobs with few round trips. It checks every spec before it writes anything. It writes the specs of a job store in batches
   * of 1,000, or fewer if their arguments exceed 4 MiB or deciding takes more than 10 s. The new jobs of a batch are added all together
   * or not at all. With `replaceExisting`, each existing job is changed by itself, even while jobs fire. If the call fails, some jobs
   * may be changed already: call it again. Returns the jobs in the order of the specs.
   * @throws as addJob does; ContentionError if other clients keep changing the same jobs
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
   * Returns a page of jobs. A job that changes between two pages may be listed twice or not at all. With a filter, one call examines at
   * most 24,000 jobs: a page may have fewer jobs than `limit`, or none, although more pages follow. After `indexJobs`, a filter by
   * text, tags or task searches all jobs in one call.
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
   * Changes a job; fields that are left out stay as they are. A new trigger counts from now. Runs that are queued or running keep the
   * old values. A job may fire while it is changed: that run has the old arguments, and each later run has the new ones.
   * @throws JobNotFoundError, UnreadableJobError, InvalidJobError, InvalidTriggerError, ContentionError, StaleRevisionError,
   * InvalidArgumentsError
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
   * Pauses a job. Fire times during the pause do not exist: they do not run, and they do not count as missed.
   * @throws JobNotFoundError, UnreadableJobError
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
   * Removes a job, also one whose record cannot be read. Its runs continue, unless `cancelRuns` is set. For a finished job it removes
   * the tombstone.
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

  /** Removes every job of a job store, and returns how many it removed. The tombstones of finished jobs stay. */
  async removeAllJobs(options: ChangeOptions = {}): Promise<number> {
    const { jobStore, by } = checkChange(options, 'removeAllJobs', this.#by);
    const client = this.#client(jobStore);
    return this.#observe('removeAllJobs', jobStore, { count: 0 }, () => client.removal.removeAll(by));
  }

  /**
   * Counts the jobs that a filter matches. A filter without a condition matches every job; one with a condition does not match jobs
   * whose record cannot be read. With a condition, the call reads every job, a page at a time, without blocking other calls: 1,000,000
   * jobs take seconds. The count is exact if no job changes during the call.
   * @throws InvalidOptionsError
   */
  async countJobs(filter: JobFilter = {}, choice: StoreChoice = {}): Promise<number> {
    const { jobStore } = checkChoice(choice, 'countJobs');
    return this.#client(jobStore).count(checkFilter('countJobs', filter));
  }

  /**
   * Builds an index of a job store's jobs in the memory of this process: their ids, names, tasks, executors, descriptions and tags.
   * Once it is built, `getJobs` and `countJobs` use it to find jobs by a text, tags, a task, or an executor other than `default`. They
   * search without it until then, and when the index finds more than 24,000 jobs. Each search first reads the log of events up to its
   * end, and reads and checks each job that the index finds: a search finds everything that was written before it began.
   *
   * Resolves once the index is built; a second call returns the same index. 1,000,000 jobs take seconds to read. They take 34 MB of
   * memory if their ids have 15 characters and they have few other texts. The index reads the log of events once a second, and is
   * dropped after 15 minutes without a search. Returns null, without an index, if there are at most 24,000 jobs, if their texts have
   * more than 268,435,456 characters, or if the log dropped events while the index was built.
   */
  async indexJobs(choice: StoreChoice = {}): Promise<JobIndexSize | null> {
    const { jobStore } = checkChoice(choice, 'indexJobs');
    return this.#client(jobStore).index.prepare();
  }

  /**
   * Pauses each job that a filter matches, if their number is `expected`. It changes the jobs in pages of 500: if the call fails, some
   * jobs may be changed already. It skips a job that the filter no longer matches when its page is written. The filter matches the jobs
   * that `countJobs` counts. A job whose record cannot be read is refused.
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
   * Removes each job that a filter matches. A job whose record cannot be read is refused: `removeJob` removes it.
   * @throws as pauseJobs does
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
   * Returns the state and the outcomes of a run; undefined if the run is unknown or no longer kept. Requested runs (`enqueue`,
   * `runJob`) are kept for an hour after they ended, or as their `history` says. Other runs are kept as the `history` of their job
   * says.
   */
  async getRun(runId: string, choice: StoreChoice = {}): Promise<Run | undefined> {
    return this.#client(checkChoice(choice, 'getRun').jobStore).runs.get(checkRunId(runId));
  }

  /**
   * Waits for a run to end and returns the result of its task, as `RunHandle.result` does. It is for callers that have only the id of
   * the run.
   * @throws as `RunHandle.result` does; RunNotFoundError if the run is unknown
   */
  async getResult(runId: string, options: GetResultOptions = {}): Promise<JsonValue> {
    const { jobStore, timeout } = checkChoice(options, 'getResult', ['timeout']);
    const timeoutMs = timeout === undefined ? null : checkTimeout(timeout);
    return this.#client(jobStore).runs.result(checkRunId(runId), timeoutMs);
  }

  /** Returns the runs of a job, newest first: live runs, then ended runs that are still kept. It reads all live runs of the job store. */
  getRuns(jobId: string, options?: RunsOptions): Promise<readonly Run[]>;
  /**
   * Returns a page of the runs of a whole job store: first the runs that are owed, then ended runs, newest first. Ended runs are known
   * as far as the log of events goes back (about 20,000 events). With `state: 'error'` alone, the last 10,000 failures are known. A
   * value that is too large for the log is left out here: `getRun` returns it, if it is kept.
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
   * Returns the failed runs that `retryRuns` would run again, newest first. Failures are kept as long as `getRuns` returns them. Runs
   * that were already retried are left out.
   * @throws InvalidOptionsError, InvalidJobError
   */
  async previewRetry(filter: RetryFilter = {}): Promise<RetryPreview> {
    const match = checkRetryFilter('previewRetry', filter);
    const { runs, notKept } = await this.#client(filter.jobStore).runs.retryable(match);
    return { runs: runs.map(({ run }) => run), notKept };
  }

  /**
   * Retries failed runs: for each one it enters a new run that is due at once, with the same arguments and the same `scheduledRunTime`,
   * also if the job is paused or was removed. Each failed run is retried once, however many clients call this. `runIds` names the runs
   * of a preview, and `expected` is their number.
   * @throws UnexpectedCountError if the filter matches another number of runs: then no run is retried; InvalidOptionsError,
   * InvalidJobError
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
   * Explains an instant of a job: what ran at that time, why nothing ran, or what will run. For a period it explains each fire time and
   * each outcome, at most `limit` of them (default: 100). An instant is a Date or an ISO string; a string without an offset is a time
   * in the job's zone. The answer comes from the job's account, whose limits are in `docs/account.md`.
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
   * Counts the fire times of a job by outcome (executed, failed, missed and so on), past and future, in equal buckets of a period. The
   * cost depends on the entries of the account and on the number of days, not on how often the job fires.
   * @throws JobNotFoundError if the job is unknown, InvalidOptionsError
   */
  async countFires(jobId: string, options: CountFiresOptions): Promise<FireCounts> {
    const { jobStore, ...period } = checkChoice(options, 'countFires', ['from', 'to', 'buckets']);
    return this.#client(jobStore).account.countFires(checkJobId(jobId), period);
  }

  /**
   * Describes the life of a run: its outcome, when and where it ran, as far as that is kept.
   * @throws RunNotFoundError if the run is unknown
   */
  async explainRun(runId: string, choice: StoreChoice = {}): Promise<RunExplanation> {
    return this.#client(checkChoice(choice, 'explainRun').jobStore).account.explainRun(checkRunId(runId));
  }

  /**
   * Returns the newest outcomes of up to 200 jobs, in the order of the ids: for each job at most `limit` (1 to 100; default: 30),
   * newest first. They go back to when the job was added, or as far as its account does. Fire times that were missed or coalesced
   * together are one outcome.
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
   * Returns the recorded changes of a job, each with its actor, its reason and the changed fields: newest first, at most `limit` (up to
   * 10,000; default: 100). They come from the account of the job, which is kept for 90 days after the job ends, unless `account` of the job or
   * of the coordinators sets another age. @throws JobNotFoundError if the job is unknown
   */
  async getChanges(
    jobId: string,
    options: StoreChoice & { readonly limit?: number | undefined } = {},
  ): Promise<readonly RecordedJobChange[]> {
    const { limit = 100, jobStore } = checkChoice(options, 'getChanges', ['limit']);
    return this.#client(jobStore).account.changes(checkJobId(jobId), limit);
  }

  /**
   * Returns the leaders of a job store, the workers that served it, and its pauses: newest first, at most `limit` of each (default:
   * 100).
   * @param options `since`: the history goes back to this instant at least; default: as far as the account goes.
   * @throws InvalidOptionsError
   */
  async getStoreHistory(
    options: StoreChoice & { readonly since?: Date | undefined; readonly limit?: number | undefined } = {},
  ): Promise<StoreHistory> {
    const { since, limit = 100, jobStore } = checkChoice(options, 'getStoreHistory', ['since', 'limit']);
    return this.#client(jobStore).account.history(since, limit);
  }

  /**
   * Compares the fire times of jobs with the recorded outcomes: each fire time of each revision should have one outcome. It reads the
   * job store one job at a time, without blocking other calls; with many jobs it takes long.
   * @throws InvalidOptionsError
   * @throws JobNotFoundError if a job that `jobs` names is unknown
   */
  async audit(options: AuditOptions = {}): Promise<AuditReport> {
    const { jobStore, ...given } = checkChoice(options, 'audit', ['from', 'to', 'jobs']);
    return this.#client(jobStore).account.audit(given);
  }

  /**
   * Predicts the load of each executor for each minute of the next 24 hours: the fires, the slots that they will take (from the recent
   * durations of runs), and the worst steps with their jobs. A fire that jitter may delay is spread over several steps. The call reads
   * the jobs that are due in that time, a page at a time, and computes in this process: it does not involve the leader or the workers.
   * @throws InvalidOptionsError
   */
  async forecast(options: ForecastOptions = {}): Promise<Forecast> {
    const { jobStore } = checkChoice(options, 'forecast', ['from', 'to', 'by', 'executor', 'worst']);
    return new Forecaster(this.#client(jobStore).store).forecast(options);
  }

  /**
   * Cancels a run in any state. If it is running, its worker aborts its signal, and its executor stops it if it can: `job_cancelled`
   * reports that it has ended.
   * @throws RunNotFoundError if the run is not owed
   */
  async cancelRun(runId: string, options: ChangeOptions = {}): Promise<Cancelled> {
    const { jobStore, by } = checkChange(options, 'cancelRun', this.#by);
    const { runs } = this.#client(jobStore);
    checkRunId(runId);
    return this.#observe('cancelRun', jobStore, { runId }, () => runs.cancel(runId, by));
  }

  /** Stops all firing of a job store, in the whole cluster. Fire times during the pause are owed when it is resumed. */
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

  /** Returns the records in quarantine, sorted by id: records that could not be read, and were moved there unchanged. */
  async getQuarantined(options: QuarantineOptions = {}): Promise<readonly QuarantinedRecord[]> {
    const { id, limit = 100, jobStore } = checkChoice(options, 'getQuarantined', ['id', 'limit']);
    return this.#client(jobStore).quarantine.list(id ?? null, checkLimit(limit));
  }

  /**
   * Restores a job from quarantine, if its record can be read now: for example after all members run the version that wrote it. Its
   * next fire time is the one that it had: the fire times since then are owed, as after an outage. Runs cannot be restored, as it is
   * not known whether they happened.
   * @throws NotQuarantinedError; NotRestorableError if the record still cannot be read, or is not a job; ConflictingIdError if a job of
   * its id was added in the meantime
   */
  async restoreQuarantined(id: string, options: ChangeOptions = {}): Promise<Job<T>> {
    checkRecordId(id, 'restoreQuarantined');
    const { jobStore, by } = checkChange(options, 'restoreQuarantined', this.#by);
    return this.#job(await this.#client(jobStore).quarantine.restore(id, by));
  }

  /** Deletes a record in quarantine. @throws NotQuarantinedError */
  async removeQuarantined(id: string, options: ChangeOptions = {}): Promise<void> {
    checkRecordId(id, 'removeQuarantined');
    const { jobStore, by } = checkChange(options, 'removeQuarantined', this.#by);
    await this.#client(jobStore).quarantine.remove(id, by);
  }

  /** Describes a job store as a whole: its leader, its workers, its owed runs. The call keeps Redis busy for some ms. */
  async inspect(choice: StoreChoice = {}): Promise<JobStoreInspection> {
    const { jobStore = 'default' } = checkChoice(choice, 'inspect');
    return inspectionOf(jobStore, await this.#client(jobStore).store.records.inspect(INSPECTED));
  }

  /**
   * Finds faults of the server and of job stores, and says what to do about each, as `carillon doctor` does. It writes nothing. It
   * reads the first `jobs` jobs of each job store (default: 100,000), a page at a time.
   * @throws InvalidOptionsError, UnknownJobStoreError, ConnectionError
   */
  async diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
    const { jobStores = this.jobStores, jobs = MOST_JOBS } = checkDiagnose(options);
    const stores = jobStores.map((alias) => this.#client(alias).store);
    return diagnosisOf(await new Diagnostician(this.#backend).facts(stores, jobs));
  }

  /**
   * Measures a job store, as metrics do. The cost does not depend on the number of jobs and runs. The result has no series of single
   * jobs.
   */
  async measure(choice: StoreChoice = {}): Promise<StoreMeasure> {
    const { jobStore } = checkChoice(choice, 'measure');
    return this.#client(jobStore).store.records.measure({ jobs: 0, executors: [] });
  }

  /**
   * Adds a job store while this scheduler is in use, and registers it for clients that look for job stores. The coordinators and
   * workers that serve it name it in `jobStores`, or call `addJobStore` themselves.
   * @param options another Redis for this job store alone (default: that of the others), and the actor of the call
   * @throws InvalidJobError if this is not an alias, InvalidOptionsError, JobStoreExistsError; ConnectionError if Redis cannot be
   * reached: then this scheduler has not added it
   */
  async addJobStore(alias: string, options: JobStoreOptions & By = {}): Promise<void> {
    const { by, others } = apart(options, 'addJobStore', this.#by);
    if (this.#origin) return this.#origin.addJobStore(alias, { ...others, ...by });
    this.#checkOpen();
    await this.#stores.add(alias, others, by);
  }

  /**
   * Removes a job store from this scheduler. Its jobs stay in Redis.
   * @throws UnknownJobStoreError, InvalidOptionsError; ConnectionError if Redis cannot be reached: this scheduler has removed it anyway
   */
  async removeJobStore(alias: string, given: By = {}): Promise<void> {
    checkNames(given, BY_OPTIONS, 'removeJobStore');
    const by = checkBy(given, 'removeJobStore', this.#by);
    if (this.#origin) return this.#origin.removeJobStore(alias, by);
    this.#checkOpen();
    await this.#stores.remove(alias, by);
  }

  /**
   * Calls the listener with each event of these types (default: all) of every job store of this scheduler. Resolves once it is
   * subscribed. Events that are published while a client is not connected are lost to it: a gap in `seq` shows the loss. A listener
   * that needs every event sets `since`: it gets the events one by one, each after the call before has returned. Adding the same
   * listener again replaces its types.
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
   * Returns a page of the events of a job store, newest first, as far as its log goes back: about 20,000 events.
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

  /** Without telemetry, it only does the work. */
  #produce<R>(call: ProducedCall, work: (trace?: TraceContext) => Promise<R>): Promise<R> {
    return this.#instruments ? this.#instruments.produce(call, work) : work();
  }

  /** The same for a call about one job or run, or about the number that it gives. */
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

  /** The methods of the jobs of a job store. */
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

/** The argument of a constructor that makes a view. */
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
