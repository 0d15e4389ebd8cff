import { type MeasureParams, type StoreMeasure, UnexpectedReplyError } from '@carillon/core';
import {
  type AccountPage,
  type AccountsParams,
  type CancelOutcome,
  type CancelParams,
  type EventDraft,
  type EventPage,
  type EventPosition,
  type EveryJobPage,
  type EveryJobParams,
  encodeBody,
  encodeState,
  type Failure,
  type FindParams,
  type ForgetParams,
  type GonePage,
  type JobAccount,
  type JobFault,
  type JobPage,
  type JobReading,
  type JobRecords,
  type LoggedEvent,
  type LookParams,
  members,
  moreMembers,
  type NewestParams,
  type NewRun,
  type PutOutcome,
  type PutParams,
  type Quarantined,
  quarantinedOf,
  type RecentAccount,
  type RecentParams,
  type Report,
  type RestoreOutcome,
  type RestoreParams,
  type RetryOutcome,
  type RetryParams,
  type RunReading,
  type StoredJob,
  type StoreLook,
  type SubmitOutcome,
  type SubmitParams,
  storedJobOf,
  textsOf,
  tracesOf,
} from '@carillon/core/internal';
import { readAccounts, readGone, readRecent, readStoreAccount } from './account-reading.js';
import { readFailures } from './failures.js';
import { beginOf, readPage } from './job-page.js';
import type { Keys } from './keys.js';
import { readLog, readNewest } from './log.js';
import { addNew } from './new-jobs.js';
import { frees, putArguments } from './put-arguments.js';
import { readRun } from './run-reading.js';
import type { ScriptRunner } from './script-runner.js';
import { readStoreLook } from './store-look.js';
import { readStoreMeasure } from './store-measure.js';
import { readStoredJob } from './stored-job.js';

interface PageParams {
  readonly limit: number;
  readonly cursor: string | null;
}

/** The producers' side of a job store in Redis. */
export class RedisJobRecords implements JobRecords {
  readonly #scripts: ScriptRunner;
  readonly #keys: Keys;
  readonly #alias: string;
  readonly #report: Report;

  constructor(scripts: ScriptRunner, keys: Keys, alias: string, report: Report) {
    this.#scripts = scripts;
    this.#keys = keys;
    this.#alias = alias;
    this.#report = report;
  }

  async read(ids: readonly string[]): Promise<JobReading> {
    const reply = await this.#scripts.run('read', this.#keys.base, ids);
    const now = reply.number();
    const found: (StoredJob | JobFault | null)[] = [];
    const tombstones: (string | null)[] = [];
    for (const id of ids) {
      found.push(readStoredJob(id, reply, 'with last'));
      tombstones.push(reply.textOrNull());
    }
    return { now, jobs: found, tombstones };
  }

  async list({ limit, cursor }: { readonly limit: number; readonly cursor: string | null }): Promise<JobPage> {
    return readPage(await this.#scripts.run('list', this.#keys.base, [limit, ...beginOf(cursor)]));
  }

  async find({ match, limit, looks, cursor }: FindParams): Promise<JobPage> {
    const { lower, exact } = tracesOf(match);
    const { dueBefore, state, lastOutcome } = match;
    const sought = [dueBefore ?? '', state ?? '', lastOutcome ?? '', lower, ...exact];
    return readPage(await this.#scripts.run('find', this.#keys.base, [limit, looks, ...beginOf(cursor), ...sought]));
  }

  async everyJob({ cursor, limit }: EveryJobParams): Promise<EveryJobPage> {
    const reply = await this.#scripts.run('every_job', this.#keys.base, [cursor, limit]);
    const next = reply.text();
    const jobs: (StoredJob | JobFault)[] = [];
    while (!reply.ended) {
      const job = storedJobOf(reply.text(), { raw: reply.textOrNull(), due: null, fire: null, last: null });
      if (job) jobs.push(job);
    }
    return { jobs, cursor: next };
  }

  async dueInstants(ids: readonly string[]): Promise<readonly (number | null)[]> {
    const reply = await this.#scripts.run('due_instants', this.#keys.base, ids);
    return ids.map(() => reply.instantOrNull());
  }

  put(params: PutParams): Promise<PutOutcome> {
    return addNew(this.#scripts, this.#keys.base, params) ?? this.#put(params);
  }

  async #put(params: PutParams): Promise<PutOutcome> {
    const [status = '', ...left] = (
      await this.#scripts.run('put', this.#keys.base, putArguments(params), {
        evenWhenFull: params.changes.every(frees),
      })
    )
      .text()
      .split(' ');
    if (status === 'changed' || status === 'stale') return { status };
    if (status === 'done') return { status, left: left.map(Number) };
    throw new UnexpectedReplyError(`script put: the reply is ${JSON.stringify(status)}, not done, changed or stale`);
  }

  async hold({ ids, ms }: { readonly ids: readonly string[]; readonly ms: number }): Promise<void> {
    await this.#scripts.run('hold', this.#keys.base, [ms, ...ids]);
  }

  async submit({ op, run, readAt, dedupe }: SubmitParams): Promise<SubmitOutcome> {
    const { key = '', forMs = '' } = dedupe ?? {};
    const args = [op, run.runId, this.#stateOf(run), encodeBody(run), key, forMs, readAt ?? ''];
    const reply = await this.#scripts.run('submit', this.#keys.base, args);
    const [, duplicateOf] = /^duplicate ([\w-]+)$/.exec(reply.peek()) ?? [];
    return duplicateOf === undefined ? reply.oneOf('submitted', 'waiting', 'max_instances', 'stale') : { duplicateOf };
  }

  async cancel({ op, runIds, by = {} }: CancelParams): Promise<readonly CancelOutcome[]> {
    const reply = await this.#scripts.run('cancel', this.#keys.base, [op, moreMembers(by), ...runIds]);
    return runIds.map(() => reply.oneOf('cancelled', 'cancelling', 'unknown'));
  }

  async runs(runIds: readonly string[]): Promise<readonly RunReading[]> {
    const reply = await this.#scripts.run('runs', this.#keys.base, runIds);
    return runIds.map((runId) => readRun(runId, reply));
  }

  async liveRuns(params: { readonly jobId: string | null; readonly cursor: string }) {
    const reply = await this.#scripts.run('live_runs', this.#keys.base, [params.jobId ?? '', params.cursor]);
    const cursor = reply.text();
    const runIds: string[] = [];
    while (!reply.ended) runIds.push(reply.text());
    return { runIds, cursor };
  }

  async history({ jobId, limit }: { readonly jobId: string; readonly limit: number }): Promise<readonly string[]> {
    const { client } = this.#scripts;
    return this.#scripts.answered(() => client.zrevrange(this.#keys.history + jobId, 0, limit - 1));
  }

  async events({ after, limit }: { readonly after: EventPosition; readonly limit: number }): Promise<EventPage> {
    const { client } = this.#scripts;
    return this.#scripts.answered(() => readLog(client, this.#keys.log, after, limit));
  }

  async account(id: string): Promise<JobAccount> {
    const [account] = await this.accounts({ ids: [id], entries: 1 });
    return account as JobAccount;
  }

  async accounts({ ids, entries }: AccountsParams): Promise<readonly JobAccount[]> {
    return readAccounts(ids, await this.#scripts.run('account', this.#keys.base, [entries, ...ids]));
  }

  async recent({ ids, entries }: RecentParams): Promise<readonly RecentAccount[]> {
    const reply = await this.#scripts.run('recent', this.#keys.base, [entries, ...ids]);
    return ids.map(() => readRecent(reply));
  }

  async storeAccount({ limit, cursor }: PageParams): Promise<AccountPage> {
    const at = Number(cursor ?? 0);
    return readStoreAccount(await this.#scripts.run('store_account', this.#keys.base, [at, limit]), at, limit);
  }

  async goneJobs({ limit, cursor }: PageParams): Promise<GonePage> {
    const at = Number(cursor ?? 0);
    return readGone(await this.#scripts.run('gone_jobs', this.#keys.base, [at, limit]), at, limit);
  }

  async newest({ before, limit }: NewestParams): Promise<readonly LoggedEvent[]> {
    const { client } = this.#scripts;
    return this.#scripts.answered(() => readNewest(client, this.#keys.log, before, limit));
  }

  async failures({ before, limit }: NewestParams): Promise<readonly Failure[]> {
    const { client } = this.#scripts;
    return this.#scripts.answered(() => readFailures(client, this.#keys.failures, before, limit));
  }

  async retryRuns({ op, runs }: RetryParams): Promise<readonly RetryOutcome[]> {
    const args = runs.flatMap(({ retryOf, run }) => [retryOf, run.runId, this.#stateOf(run), encodeBody(run)]);
    const reply = await this.#scripts.run('retry_runs', this.#keys.base, [op, ...args]);
    return runs.map(() => reply.oneOf('submitted', 'retried', 'owed', 'max_instances'));
  }

  async setPaused(params: { readonly paused: boolean; readonly event: EventDraft }): Promise<void> {
    const { type, about } = params.event;
    const args = [params.paused ? 'paused' : 'resumed', type, members(about)];
    await this.#scripts.run('pause', this.#keys.base, args);
  }

  async announce({ op, event }: { readonly op: string; readonly event: EventDraft }): Promise<void> {
    await this.#scripts.run('announce', this.#keys.base, [op, event.type, members(event.about)]);
  }

  async register(known: boolean): Promise<void> {
    const { stores } = this.#keys;
    const { client } = this.#scripts;
    if (!known) {
      await this.#scripts.answered(() => client.srem(stores, this.#alias));
      return;
    }
    const movedTo = (await this.#scripts.run('register', stores, [this.#alias], { format: 'no store' })).textOrNull();
    if (movedTo !== null) this.#report({ kind: 'key_moved', key: stores, movedTo });
  }

  async quarantined({ name, limit }: { readonly name: string | null; readonly limit: number }) {
    const reply = await this.#scripts.run('quarantined', this.#keys.base, [name ?? '', limit]);
    const found: Quarantined[] = [];
    while (!reply.ended) found.push(quarantinedOf(reply.text(), reply.text()));
    return found;
  }

  async restoreJob({ op, name, id, event }: RestoreParams): Promise<RestoreOutcome> {
    const reply = await this.#scripts.run('restore_job', this.#keys.base, [op, name, id, members(event.about)]);
    return reply.oneOf('restored', 'gone', 'exists', 'unfit');
  }

  async forgetQuarantined({ op, name, event }: ForgetParams): Promise<boolean> {
    const args = [op, name, event.type, members(event.about)];
    return (await this.#scripts.run('forget_quarantined', this.#keys.base, args)).number() === 1;
  }

  async inspect(params: LookParams): Promise<StoreLook> {
    return readStoreLook(await this.#scripts.run('inspect', this.#keys.base, [params.runs, params.quarantined]));
  }

  #stateOf(run: NewRun): string {
    return encodeState(textsOf(this.#alias, run), run);
  }

  async measure({ jobs, executors }: MeasureParams): Promise<StoreMeasure> {
    return readStoreMeasure(await this.#scripts.run('measure', this.#keys.base, [jobs, ...executors]));
  }
}
