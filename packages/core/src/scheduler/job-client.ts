import type { AskedBy } from '../by.js';
import { ContractClient } from '../contract/contract-client.js';
import type { KnownContracts } from '../contract/known-contracts.js';
import { JobNotFoundError, MaxInstancesError } from '../errors.js';
import { JobIndex } from '../finding/job-index.js';
import { type Added, decideAdding, type SpecWithId } from '../job/adding.js';
import type { CheckedRunOptions } from '../job/checks.js';
import type { AskedFor, Defaults } from '../job/fill.js';
import { beforeOf } from '../job/read.js';
import { decodeJob, isFault } from '../job/record.js';
import { newRun, type RunFields } from '../job/run-now.js';
import { readable } from '../job/unreadable.js';
import type { Report } from '../log.js';
import type { Backend } from '../ports/backend.js';
import type { Chance } from '../ports/chance.js';
import type { JobMatch } from '../ports/job-match.js';
import type { JobFault } from '../ports/job-records.js';
import type { JobStore } from '../ports/job-store.js';
import type { TraceContext } from '../telemetry/trace.js';
import { AccountClient } from './account-client.js';
import { Bulk } from './bulk.js';
import { calledJob } from './called-job.js';
import type { Adding, Changing } from './changing.js';
import type { Decide } from './decisions.js';
import { Editor, type Found } from './editor.js';
import { JobRemoval } from './job-removal.js';
import { type FoundPage, JobSearch, LOOKS_OF_PAGE } from './job-search.js';
import { type JobState, stateOf } from './job-state.js';
import { reportNotRead } from './not-read.js';
import { QuarantineClient } from './quarantine.js';
import { requireFound, requireRevision } from './revision-check.js';
import { type Asker, RunClient } from './run-client.js';
import { enterRun } from './run-entry.js';
import type { RunHandle } from './run-handle.js';
import { pagesOf } from './spec-pages.js';

const AT_ONCE: AskedFor = { dueAt: (now) => now, graceMs: null };

/** The jobs of one job store: reads them, decides, writes. */
export class JobClient {
  readonly store: JobStore;
  readonly runs: RunClient;
  readonly quarantine: QuarantineClient;
  readonly account: AccountClient;
  readonly bulk: Bulk;
  readonly index: JobIndex;
  readonly contracts: ContractClient;
  readonly removal: JobRemoval;
  readonly #chance: Chance;
  readonly #report: Report;
  readonly #editor: Editor;
  readonly #search: JobSearch;

  constructor(store: JobStore, backend: Backend, report: Report) {
    const { chance, clock } = backend;
    this.store = store;
    this.runs = new RunClient(store, backend, report);
    this.quarantine = new QuarantineClient(store, chance);
    this.account = new AccountClient(store);
    this.contracts = new ContractClient(store.records, clock, store.contracts);
    this.#chance = chance;
    this.#report = report;
    this.#editor = new Editor(store.records, chance, clock);
    this.removal = new JobRemoval({ store, editor: this.#editor, runs: this.runs, chance });
    const notRead = (fault: JobFault) => reportNotRead(report, store.alias, fault);
    this.index = new JobIndex({ store, clock, report, worthwhile: LOOKS_OF_PAGE });
    this.#search = new JobSearch({ store, index: this.index, notRead });
    const cancelRuns = (id: string, by: AskedBy) => this.runs.cancelAll(id, by);
    this.bulk = new Bulk({ store, cancelRuns }, this.#search, this.#editor);
  }

  /** New jobs of a page are added all together or not at all; jobs that exist are replaced one by one. */
  async add(
    specs: readonly SpecWithId[],
    defaults: Defaults,
    { by, dryRun = false, ifRevision }: Adding,
  ): Promise<JobState[]> {
    const jobs: JobState[] = [];
    for (const page of pagesOf(specs)) {
      const ids = page.map(({ id }) => id);
      const decide = ({ now, stored, tombstone }: Found, place: number) => {
        if (ifRevision !== undefined) requireFound(ids[place] ?? '', this.store.alias, stored, ifRevision);
        const found = { now, stored, tombstone, by };
        const added = decideAdding(page[place] as SpecWithId, this.store.alias, found, defaults);
        return { change: dryRun ? null : added.change, result: added };
      };
      // Whether one exists is said as it is written: what is not written is read.
      const mayExist = dryRun || ifRevision !== undefined || page.some(({ spec }) => spec.replaceExisting);
      const added = await (mayExist ? this.#editor.edit(ids, decide) : this.#editor.create(ids, decide));
      jobs.push(...added.map((one, index) => this.#added(ids[index] ?? '', one)));
    }
    return jobs;
  }

  #added(id: string, { definition, pending, last, finished }: Added): JobState {
    return { id, jobStore: this.store.alias, revision: null, definition, pending, last, finished };
  }

  async get(id: string): Promise<JobState | undefined> {
    const [stored] = (await this.store.records.read([id])).jobs;
    return stored ? readable(stateOf(this.store.alias, stored), this.store.alias) : undefined;
  }

  /** A page of at most `limit` jobs; records that cannot be read are left out and reported. */
  async list(limit: number, cursor: string | null): Promise<{ jobs: JobState[]; cursor: string | null }> {
    const jobs: JobState[] = [];
    let next = cursor;
    do {
      const page = await this.store.records.list({ limit: limit - jobs.length, cursor: next });
      for (const stored of page.jobs) {
        const job = stateOf(this.store.alias, stored);
        if (isFault(job)) reportNotRead(this.#report, this.store.alias, job);
        else jobs.push(job);
      }
      next = page.cursor;
    } while (next !== null && jobs.length < limit);
    return { jobs, cursor: next };
  }

  /** A page of the jobs that a filter matches; it can be short. */
  async find(match: JobMatch, limit: number, cursor: string | null): Promise<FoundPage> {
    return this.#search.page(match, limit, cursor);
  }

  /** How many jobs a filter matches; null means how many there are, also those that cannot be read. */
  async count(match: JobMatch | null): Promise<number> {
    if (!match) return (await this.store.records.inspect({ runs: 0, quarantined: 0 })).counts.jobs;
    return this.#search.count(match);
  }

  /** @throws JobNotFoundError, StaleRevisionError */
  async change(id: string, decide: Decide, { by, ifRevision, dryRun }: Changing): Promise<JobState> {
    const jobStore = this.store.alias;
    const [job] = await this.#editor.edit([id], ({ now, stored }) => {
      if (!stored) throw new JobNotFoundError(id, jobStore);
      requireRevision(stored, jobStore, ifRevision);
      const { change, job } = decide(readable(beforeOf(stored, { jobStore, now, by }), jobStore));
      return { change: dryRun ? null : change, result: job };
    });
    return job as JobState;
  }

  /**
   * @param given what it is called with, in place of what the job has.
   * @throws JobNotFoundError @throws MaxInstancesError @throws InvalidArgumentsError
   */
  run(id: string, given: CheckedRunOptions, asker: Asker, trace?: TraceContext): Promise<RunHandle> {
    return this.contracts.checking((known) => this.#run(id, given, asker, known, trace));
  }

  async #run(
    id: string,
    given: CheckedRunOptions,
    asker: Asker,
    known: KnownContracts,
    trace: TraceContext | undefined,
  ): Promise<RunHandle> {
    const { now, jobs } = await this.store.records.read([id]);
    const [stored] = jobs;
    if (!stored) throw new JobNotFoundError(id, this.store.alias);
    const definition = readable(decodeJob(stored), this.store.alias);
    const { dedupe, ...others } = given;
    const fields = { ...definition, ...others, ...(trace && { trace }) };
    known.check(fields, () => calledJob(id, fields.task));
    return this.#submit(fields, id, now, { ...AT_ONCE, dedupe }, asker);
  }

  async enqueue<Result>(fields: RunFields, asked: AskedFor, asker: Asker): Promise<RunHandle<Result>> {
    return this.#submit(fields, null, await this.#editor.now(), asked, asker);
  }

  async #submit<Result>(
    fields: RunFields,
    jobId: string | null,
    now: number,
    { dueAt, graceMs, dedupe }: AskedFor,
    { by, own }: Asker,
  ): Promise<RunHandle<Result>> {
    const due = dueAt(now);
    const { runId, outcome, isDuplicate } = await enterRun(
      { records: this.store.records, chance: this.#chance },
      { readAt: now, dedupe, newRun: () => newRun(fields, { runId: this.#chance.id(), jobId, due, graceMs, by }) },
    );
    if (outcome === 'max_instances') throw new MaxInstancesError(jobId ?? '');
    return this.runs.handle({ runId, jobId, isDuplicate }, own);
  }

  /** Rejects the waits for results, with the reason why none will arrive here. */
  close(why: Error): void {
    this.index.close();
    this.runs.close(why);
  }
}
