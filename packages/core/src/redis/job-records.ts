import { InvalidJobError } from '../errors.js';
import type { EventDraft } from '../ports/event-draft.js';
import type {
  JobPage,
  JobReading,
  JobRecords,
  PutOutcome,
  PutParams,
  StoredJob,
  SubmitParams,
  UnreadableJob,
} from '../ports/job-records.js';
import type { LookParams, StoreLook } from '../ports/store-look.js';
import { encodeRun } from '../run/record.js';
import type { Keys } from './keys.js';
import type { ScriptRunner } from './script-runner.js';
import type { ScriptArgument } from './scripts.js';
import { readStoreLook } from './store-look.js';
import { readStoredJob } from './stored-job.js';

/** The producers' side of a job store in Redis. */
export class RedisJobRecords implements JobRecords {
  readonly #scripts: ScriptRunner;
  readonly #keys: Keys;
  readonly #alias: string;

  constructor(scripts: ScriptRunner, keys: Keys, alias: string) {
    this.#scripts = scripts;
    this.#keys = keys;
    this.#alias = alias;
  }

  async read(ids: readonly string[]): Promise<JobReading> {
    const { jobs, schedule, cursor, last, tomb } = this.#keys;
    const reply = await this.#scripts.run('read', [jobs, schedule, cursor, last, tomb], ids);
    const now = reply.number();
    const found: (StoredJob | UnreadableJob | null)[] = [];
    const tombstones: (string | null)[] = [];
    for (const id of ids) {
      found.push(readStoredJob(id, reply, 'with last'));
      tombstones.push(reply.textOrNull());
    }
    return { now, jobs: found, tombstones };
  }

  async list(params: { readonly limit: number; readonly cursor: string | null }): Promise<JobPage> {
    const { jobs, schedule, cursor, last } = this.#keys;
    const begin = params.cursor === null ? ['scheduled', '', ''] : decodeCursor(params.cursor);
    const reply = await this.#scripts.run('list', [jobs, schedule, cursor, last], [params.limit, ...begin]);
    const now = reply.number();
    const next = [reply.text(), reply.text(), reply.text()];
    const page: (StoredJob | UnreadableJob)[] = [];
    while (!reply.ended) {
      const job = readStoredJob(reply.text(), reply, 'with last');
      if (job) page.push(job);
    }
    return { now, jobs: page, cursor: next[0] === '' ? null : encodeCursor(next) };
  }

  async put(params: PutParams): Promise<PutOutcome> {
    const { jobs, schedule, cursor, last, rev, seq, events, wakeup, tomb, op } = this.#keys;
    const args: ScriptArgument[] = [params.readAt];
    for (const { id, expected, record, events: drafts } of params.changes) {
      const there =
        expected.rev === null ? ['', '', expected.tombstone ?? ''] : [expected.rev, expected.dueAt ?? '', ''];
      args.push(id, ...there, record ? 'write' : 'remove', record?.digest ?? '', record?.json ?? '');
      args.push(record?.newGeneration ? 'new' : '', record?.pending?.dueAt ?? '', record?.pending?.fireTime ?? '');
      args.push(drafts.length);
      for (const { type, body } of drafts) args.push(type, body);
    }
    const keys = [jobs, schedule, cursor, last, rev, seq, events, wakeup, tomb, op + params.op];
    return { status: (await this.#scripts.run('put', keys, args)).oneOf('done', 'changed') };
  }

  async submit({ op, run, submitted, maxInstances }: SubmitParams): Promise<'submitted' | 'max_instances'> {
    const { instances, runs, outbox, seq, events, wakeup } = this.#keys;
    const keys = [instances, runs, outbox, seq, events, wakeup, this.#keys.op + op];
    const args = [run.runId, run.jobId ?? '', run.maxInstances, encodeRun(run), submitted, maxInstances];
    return (await this.#scripts.run('submit', keys, args)).oneOf('submitted', 'max_instances');
  }

  async setPaused(params: { readonly paused: boolean; readonly event: EventDraft }): Promise<void> {
    const { paused, seq, events, wakeup } = this.#keys;
    const { type, body } = params.event;
    await this.#scripts.run('pause', [paused, seq, events, wakeup], [params.paused ? 'paused' : 'resumed', type, body]);
  }

  async announce({ type, body }: EventDraft): Promise<void> {
    await this.#scripts.run('announce', [this.#keys.seq, this.#keys.events], [type, body]);
  }

  async register(known: boolean): Promise<void> {
    const { stores } = this.#keys;
    const { client } = this.#scripts;
    await this.#scripts.answered(() => (known ? client.sadd(stores, this.#alias) : client.srem(stores, this.#alias)));
  }

  async inspect(params: LookParams): Promise<StoreLook> {
    const { leader, epoch, paused, jobs, schedule, outbox, runs, leases, quarantine, workers, workersInfo } =
      this.#keys;
    const keys = [leader, epoch, paused, jobs, schedule, outbox, runs, leases, quarantine, workers, workersInfo];
    return readStoreLook(await this.#scripts.run('inspect', keys, [params.runs, params.quarantined]));
  }
}

const encodeCursor = (parts: readonly string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** @throws InvalidJobError if this is no cursor that a page gave. */
function decodeCursor(cursor: string): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && parts.length === 3 && parts.every((part) => typeof part === 'string')) {
      const [part, from = '', skip = ''] = parts as string[];
      if (part === 'scheduled' && Number.isFinite(Number(from))) return parts;
      if (part === 'paused' && /^\d+$/.test(from) && /^\d+$/.test(skip)) return parts;
    }
  } catch {
    // falls through: not a cursor
  }
  throw new InvalidJobError(`cursor: ${JSON.stringify(cursor)} is not one that getJobs gave`);
}
