import {
  type Claim,
  type ClaimOutcome,
  type DamagedJob,
  type DamagedRun,
  type Delivery,
  type DuePage,
  type EndOfTerm,
  type ErrorInfo,
  type Fenced,
  type JobFault,
  members,
  type OutboxPage,
  type ReapOutcome,
  type RunRoute,
  type ServingLook,
  type StoredJob,
  type Suspect,
  type SuspectPage,
  type TermStore,
  type UpcomingPage,
  type UpcomingParams,
} from '@carillon/core/internal';
import { claimArguments } from './claim-arguments.js';
import type { Keys } from './keys.js';
import { KnownRecords } from './known-records.js';
import type { ScriptRunner } from './script-runner.js';
import type { Reply } from './scripts.js';
import { readWorkers } from './store-look.js';
import { readStoredJob } from './stored-job.js';

const OVER = { status: 'over' } as const;

function done<T>(value: T): Fenced<T> {
  return { status: 'done', value };
}

/** The leader's side of a job store in Redis. */
export class RedisTermStore implements TermStore {
  readonly isNear = false;
  readonly #scripts: ScriptRunner;
  readonly #keys: Keys;
  readonly #alias: string;
  readonly #known = new KnownRecords();

  constructor(scripts: ScriptRunner, keys: Keys, alias: string) {
    this.#scripts = scripts;
    this.#keys = keys;
    this.#alias = alias;
  }

  async beginTerm(params: { readonly lock: string; readonly coordinatorId: string }): Promise<number | null> {
    const { lock, coordinatorId } = params;
    // Redis may have been emptied since the last term, or may be another one.
    this.#known.forget();
    const elected = members({ jobStore: this.#alias, coordinatorId });
    return (await this.#scripts.run('begin_term', this.#keys.base, [lock, elected])).numberOrNull();
  }

  async endTerm({ epoch, lost, heir }: EndOfTerm): Promise<void> {
    await this.#scripts.run('end_term', this.#keys.base, [epoch, members(lost.about), heir ?? '']);
  }

  async due(limit: number): Promise<DuePage> {
    this.#known.noteLostConnections(this.#scripts.lostConnections);
    const { page, isWhole } = await this.#due(limit, this.#known.asOf);
    return isWhole ? page : (await this.#due(limit, '')).page;
  }

  /** @param knownAsOf the store's `rev` at which records are known; '': sends all. `isWhole` says whether all records that were left out are known. */
  async #due(limit: number, knownAsOf: string): Promise<{ readonly page: DuePage; readonly isWhole: boolean }> {
    const reply = await this.#scripts.run('due', this.#keys.base, [limit, knownAsOf]);
    const now = reply.number();
    const isPaused = reply.text() === '1';
    const nextDueAt = reply.numberOrNull();
    const outboxAt = reply.numberOrNull();
    const isOwing = reply.text() === '1';
    const rev = reply.text();
    const isLeftOut = rev !== '' && rev === knownAsOf;
    const jobs: (StoredJob | JobFault)[] = [];
    const count = reply.number();
    const reading = { now, isFull: count >= limit };
    for (let left = count; left > 0; left--) {
      const id = reply.text();
      const job = isLeftOut ? this.#known.read(id, reply, reading) : readStoredJob(id, reply, 'without last');
      if (job) jobs.push(job);
    }
    if (!isLeftOut) this.#known.note(jobs, rev, reading);
    const newer: string[] = [];
    while (!reply.ended) newer.push(reply.text());
    const page = { now, paused: isPaused, jobs, newer, nextDueAt, outboxAt, isOwing };
    return { page, isWhole: !isLeftOut || jobs.length === count };
  }

  async upcoming({ withinMs, after, limit }: UpcomingParams): Promise<UpcomingPage> {
    this.#known.noteLostConnections(this.#scripts.lostConnections);
    const args = [limit, withinMs, after?.dueAt ?? '', after?.id ?? ''];
    const reply = await this.#scripts.run('upcoming', this.#keys.base, args);
    const [now, rev, dueAt, id] = [reply.number(), reply.text(), reply.numberOrNull(), reply.textOrNull()];
    const jobs: (StoredJob | JobFault)[] = [];
    for (let left = reply.number(); left > 0; left--) {
      const job = readStoredJob(reply.text(), reply, 'without last');
      if (job) jobs.push(job);
    }
    this.#known.noteAhead(jobs, rev, now);
    return { now, jobs, last: dueAt === null || id === null ? null : { dueAt, id } };
  }

  async claim(params: { readonly epoch: number; readonly claims: readonly Claim[] }): Promise<Fenced<ClaimOutcome>> {
    const { claims } = params;
    this.#known.noteLostConnections(this.#scripts.lostConnections);
    const asked = this.#askToClaim(params);
    if ('refused' in asked) return done(asked);
    const reply = await asked;
    const first = reply.peek();
    if (first === 'over') return OVER;
    if (first === 'paused') return done(first);
    if (first === 'all submitted') return done(claims.map(() => 'submitted'));
    return done(claims.map(() => reply.oneOf('skipped', 'claimed', 'submitted')));
  }

  /** Sends claims. It is a function of its own so that `claim` does not keep their texts while it waits for the reply. */
  #askToClaim({ epoch, claims }: { readonly epoch: number; readonly claims: readonly Claim[] }) {
    const args = claimArguments({ jobStore: this.#alias, epoch, claims, knownAsOf: this.#known.asOfClaims(claims) });
    return 'refused' in args ? args : this.#scripts.run('claim', this.#keys.base, args);
  }

  async outbox(limit: number): Promise<OutboxPage> {
    const reply = await this.#scripts.run('outbox', this.#keys.base, [limit]);
    const runs: RunRoute[] = [];
    const unreadable: string[] = [];
    const newer: string[] = [];
    while (!reply.ended) {
      const [runId, executor, priority] = [reply.text(), reply.text(), reply.text()];
      if (executor === '') (priority === 'newer' ? newer : unreadable).push(runId);
      else runs.push({ runId, executor, priority: Number(priority) });
    }
    return { runs, unreadable, newer };
  }

  async assign(params: {
    readonly epoch: number;
    readonly deliveries: readonly Delivery[];
    readonly evenWhenFull?: boolean;
  }): Promise<Fenced<readonly string[]>> {
    const { epoch, deliveries, evenWhenFull = false } = params;
    const args = [epoch, ...namedIn(deliveries)];
    const reply = await this.#scripts.run('assign', this.#keys.base, args, { evenWhenFull });
    const assigned: string[] = [];
    while (!reply.ended) assigned.push(reply.text());
    return assigned[0] === 'over' ? OVER : done(assigned);
  }

  async serving(executors: readonly string[]): Promise<ServingLook> {
    const reply = await this.#scripts.run('serving', this.#keys.base, executors);
    const now = reply.number();
    const workers = readWorkers(reply);
    const limited: string[] = [];
    while (!reply.ended) limited.push(reply.text());
    return { now, workers, limited };
  }

  async confirmQueued(params: {
    readonly epoch: number;
    readonly deliveries: readonly Delivery[];
  }): Promise<Fenced<null>> {
    const args = [params.epoch, ...namedIn(params.deliveries)];
    return fenced(await this.#scripts.run('confirm_queued', this.#keys.base, args));
  }

  async refuse(params: {
    readonly epoch: number;
    readonly runId: string;
    readonly deliveryId: string;
    readonly error: ErrorInfo;
  }): Promise<Fenced<null>> {
    const { epoch, runId, deliveryId, error } = params;
    const args = [epoch, runId, deliveryId, JSON.stringify(error)];
    return fenced(await this.#scripts.run('refuse', this.#keys.base, args));
  }

  async suspects(params: { readonly limit: number; readonly cursor: string }): Promise<SuspectPage> {
    const reply = await this.#scripts.run('suspects', this.#keys.base, [params.limit, params.cursor]);
    const cursor = reply.text();
    const isMiscounted = reply.number() === 1;
    const suspects: Suspect[] = [];
    const strays: string[] = [];
    const unreadable: string[] = [];
    while (!reply.ended) {
      const [runId, deliveryId, executor] = [reply.text(), reply.text(), reply.text()];
      if (deliveryId === '') unreadable.push(runId);
      else if (deliveryId === '-') strays.push(runId);
      else suspects.push({ runId, deliveryId, executor });
    }
    return { suspects, strays, unreadable, isMiscounted, cursor };
  }

  async reap(params: {
    readonly epoch: number;
    readonly suspect: Suspect;
    readonly leaseMs: number;
  }): Promise<Fenced<ReapOutcome>> {
    const { runId, deliveryId, executor } = params.suspect;
    const args = [params.epoch, runId, deliveryId, executor, params.leaseMs];
    const reply = await this.#scripts.run('reap', this.#keys.base, args);
    const status = reply.oneOf('over', 'alive', 'queued', 'reaped');
    return status === 'over' ? OVER : done(status);
  }

  async restoreRuns({ epoch, runIds }: { readonly epoch: number; readonly runIds: readonly string[] }) {
    return fenced(await this.#scripts.run('restore_runs', this.#keys.base, [epoch, ...runIds]));
  }

  async quarantineJobs(params: {
    readonly epoch: number;
    readonly jobs: readonly DamagedJob[];
  }): Promise<Fenced<null>> {
    const args = params.jobs.flatMap(({ id, dueAt, rev, why, event }) => [
      id,
      dueAt,
      rev ?? '',
      why,
      members(event.about),
    ]);
    return fenced(await this.#scripts.run('quarantine_jobs', this.#keys.base, [params.epoch, ...args]));
  }

  async quarantineRuns(params: {
    readonly epoch: number;
    readonly runs: readonly DamagedRun[];
  }): Promise<Fenced<null>> {
    const args = params.runs.flatMap(({ id, why, event }) => [id, why, members(event.about)]);
    return fenced(await this.#scripts.run('quarantine_runs', this.#keys.base, [params.epoch, ...args]));
  }

  async loseWorkers(params: { readonly epoch: number; readonly silentMs: number }): Promise<Fenced<readonly string[]>> {
    const args = [params.epoch, params.silentMs, members({ jobStore: this.#alias })];
    const reply = await this.#scripts.run('lose_workers', this.#keys.base, args);
    const lost: string[] = [];
    while (!reply.ended) lost.push(reply.text());
    return lost[0] === 'over' ? OVER : done(lost);
  }
}

/** Returns each run of these deliveries, and the id of its delivery. */
function namedIn(deliveries: readonly Delivery[]): string[] {
  const named: string[] = [];
  for (const { id, runIds } of deliveries) for (const runId of runIds) named.push(runId, id);
  return named;
}

function fenced(reply: Reply): Fenced<null> {
  return reply.oneOf('over', 'done') === 'over' ? OVER : done(null);
}
