import type { EventDraft } from '../ports/event-draft.js';
import type { StoredJob, UnreadableJob } from '../ports/job-records.js';
import type {
  Claim,
  DeliveredRun,
  DuePage,
  Fenced,
  OutboxPage,
  QuarantinedRecord,
  ReapOutcome,
  SuspectPage,
  TermStore,
} from '../ports/term-store.js';
import { encodeRun } from '../run/record.js';
import { deliveryKey, type Keys } from './keys.js';
import type { ScriptRunner } from './script-runner.js';
import type { Reply, ScriptArgument } from './scripts.js';
import { readStoredJob } from './stored-job.js';

const TOMBSTONE_LIFE_MS = 7 * 86_400_000;
const OVER = { status: 'over' } as const;

function done<T>(value: T): Fenced<T> {
  return { status: 'done', value };
}

/** The leader's side of a job store in Redis. */
export class RedisTermStore implements TermStore {
  readonly #scripts: ScriptRunner;
  readonly #keys: Keys;
  readonly #alias: string;

  constructor(scripts: ScriptRunner, keys: Keys, alias: string) {
    this.#scripts = scripts;
    this.#keys = keys;
    this.#alias = alias;
  }

  async beginTerm({ lock, elected }: { readonly lock: string; readonly elected: string }): Promise<number | null> {
    const { leader, epoch, seq, events } = this.#keys;
    return (await this.#scripts.run('begin_term', [leader, epoch, seq, events], [lock, elected])).numberOrNull();
  }

  async endTerm({ lost }: { readonly lost: EventDraft }): Promise<void> {
    const { seq, events, wakeup } = this.#keys;
    await this.#scripts.run('end_term', [seq, events, wakeup], [lost.body]);
  }

  async due(limit: number): Promise<DuePage> {
    const { jobs, schedule, cursor, paused, outbox } = this.#keys;
    const reply = await this.#scripts.run('due', [jobs, schedule, cursor, paused, outbox], [limit]);
    const now = reply.number();
    const isPaused = reply.text() === '1';
    const nextDueAt = reply.numberOrNull();
    const outboxAt = reply.numberOrNull();
    const page: (StoredJob | UnreadableJob)[] = [];
    while (!reply.ended) {
      const job = readStoredJob(reply.text(), reply, 'without last');
      if (job) page.push(job);
    }
    return { now, paused: isPaused, jobs: page, nextDueAt, outboxAt };
  }

  async claim(params: {
    readonly epoch: number;
    readonly claims: readonly Claim[];
  }): Promise<Fenced<number | 'paused'>> {
    const { epoch, paused, jobs, schedule, cursor, last, instances, runs, outbox, seq, events, tomb } = this.#keys;
    const args: ScriptArgument[] = [params.epoch, TOMBSTONE_LIFE_MS];
    for (const { id, expected, next, tombstone, run, events: bodies } of params.claims) {
      args.push(id, expected.rev, expected.dueAt, next?.dueAt ?? '', next?.fireTime ?? '', tombstone ?? '');
      args.push(run?.maxInstances ?? '', run?.runId ?? '', run ? encodeRun(run) : '');
      args.push(bodies.missed ?? '', bodies.submitted ?? '', bodies.maxInstances ?? '', bodies.removed ?? '');
    }
    const keys = [epoch, paused, jobs, schedule, cursor, last, instances, runs, outbox, seq, events, tomb];
    const answer = (await this.#scripts.run('claim', keys, args)).text();
    if (answer === 'over') return OVER;
    return done(answer === 'paused' ? answer : Number(answer));
  }

  async deliver(params: {
    readonly epoch: number;
    readonly limit: number;
    readonly nonce: string;
  }): Promise<Fenced<OutboxPage>> {
    const { epoch, outbox, runs: ledger } = this.#keys;
    const reply = await this.#scripts.run(
      'deliver',
      [epoch, outbox, ledger],
      [params.epoch, params.limit, params.nonce],
    );
    const runs: DeliveredRun[] = [];
    const unreadable: string[] = [];
    while (!reply.ended) {
      const runId = reply.text();
      if (runId === 'over') return OVER;
      const [deliveryId, executor] = [reply.text(), reply.text()];
      if (deliveryId === '') unreadable.push(runId);
      else runs.push({ runId, deliveryId, executor });
    }
    return done({ runs, unreadable });
  }

  async delivered(params: { readonly epoch: number; readonly runs: readonly DeliveredRun[] }): Promise<Fenced<null>> {
    const { epoch, outbox, runs } = this.#keys;
    const args = params.runs.flatMap(({ runId, deliveryId }) => [runId, deliveryId]);
    return fenced(await this.#scripts.runTimeless('delivered', [epoch, outbox, runs], [params.epoch, ...args]));
  }

  async refuse(params: {
    readonly epoch: number;
    readonly run: DeliveredRun;
    readonly error: string;
  }): Promise<Fenced<null>> {
    const { epoch, runs, outbox, instances, seq, events } = this.#keys;
    const { runId, deliveryId } = params.run;
    const args = [params.epoch, runId, deliveryId, params.error];
    return fenced(await this.#scripts.run('refuse', [epoch, runs, outbox, instances, seq, events], args));
  }

  async suspects(params: { readonly limit: number; readonly cursor: string }): Promise<SuspectPage> {
    const { runs, leases, outbox } = this.#keys;
    const reply = await this.#scripts.run('suspects', [runs, leases, outbox], [params.limit, params.cursor]);
    const cursor = reply.text();
    const suspects: DeliveredRun[] = [];
    while (!reply.ended) suspects.push({ runId: reply.text(), deliveryId: reply.text(), executor: reply.text() });
    return { suspects, cursor };
  }

  async reap(params: {
    readonly epoch: number;
    readonly suspect: DeliveredRun;
    readonly leaseMs: number;
  }): Promise<Fenced<ReapOutcome>> {
    const { epoch, runs, leases, outbox } = this.#keys;
    const { runId, deliveryId, executor } = params.suspect;
    const keys = [epoch, runs, leases, outbox, deliveryKey(this.#keys, executor, deliveryId)];
    const reply = await this.#scripts.run('reap', keys, [params.epoch, runId, deliveryId, params.leaseMs]);
    const status = reply.oneOf('over', 'alive', 'queued', 'reaped');
    return status === 'over' ? OVER : done(status);
  }

  async quarantine(params: {
    readonly epoch: number;
    readonly record: QuarantinedRecord;
    readonly event: EventDraft;
  }): Promise<Fenced<null>> {
    const { epoch, jobs, schedule, cursor, runs, outbox, leases, last, quarantine, seq, events } = this.#keys;
    const { record } = params;
    const place = record.kind === 'job' ? [jobs, schedule, cursor] : [runs, outbox, leases];
    const dueAt = record.kind === 'job' ? record.dueAt : '';
    const args = [params.epoch, record.id, dueAt, record.why, params.event.body];
    return fenced(await this.#scripts.run('quarantine', [epoch, ...place, last, quarantine, seq, events], args));
  }

  async loseWorkers(params: { readonly epoch: number; readonly silentMs: number }): Promise<Fenced<readonly string[]>> {
    const { epoch, workers, workersInfo, seq, events } = this.#keys;
    const args = [params.epoch, params.silentMs, `"jobStore":${JSON.stringify(this.#alias)}`];
    const reply = await this.#scripts.run('lose_workers', [epoch, workers, workersInfo, seq, events], args);
    const lost: string[] = [];
    while (!reply.ended) lost.push(reply.text());
    return lost[0] === 'over' ? OVER : done(lost);
  }
}

function fenced(reply: Reply): Fenced<null> {
  return reply.oneOf('over', 'done') === 'over' ? OVER : done(null);
}
