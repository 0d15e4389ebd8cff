import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { type RedisServer, startRedis } from 'carillon/local-redis';
import { Redis } from 'ioredis';
import type { Evidence } from './account.js';
import type { Call } from './calls.js';
import { Cluster } from './cluster.js';
import { Collector, OBSERVER } from './collector.js';
import type { Kept } from './job-account.js';
import { noteProcess } from './member.js';
import type { ChaosOptions } from './options.js';
import { Producer } from './producer.js';
import { Random } from './random.js';
import type { Affliction } from './repeats.js';
import type { Scene } from './scene.js';
import { UnsyncedTail } from './unsynced-tail.js';

const OWED_MS = 60_000;
/** A process that stalls for this part of a lease may lose it: a lease is renewed three times. */
const STALL = 0.25;
const PING_MS = 50;

/** Nothing is logged: errors show in the results of calls. */
const silent = defaultLogger();
silent.level = 'silent';

/** A Redis of its own, a cluster of processes, and their observers. */
export class Stage {
  readonly scene: Scene;
  readonly scheduler: Scheduler;
  readonly producer: Producer;
  readonly #base: string;
  readonly #dir: string;
  readonly #keep: string | undefined;
  #isKept = false;
  #isOver = false;

  constructor(redis: RedisServer, dir: string, options: ChaosOptions) {
    const { leaseMs, seed, size, fsync } = options;
    const { url } = redis;
    const afflictions: Affliction[] = [];
    // Each chaos has its own prefix: the arguments of a process show which chaos started it.
    const prefix = basename(dir);
    const base = `{${prefix}:default}:`;
    const control = new Redis(url, { connectionName: OBSERVER, maxRetriesPerRequest: null, retryStrategy: () => 20 });
    control.on('error', () => {});
    const scheduler = new Scheduler({ redis: url, prefix, logger: silent });
    this.scheduler = scheduler;
    this.scene = {
      redis,
      control,
      collector: new Collector(url, base),
      ledger: () => control.hkeys(`${base}runs`),
      livesOf: (runIds) => Promise.all(runIds.map(async (runId) => (await scheduler.explainRun(runId)).sentence)),
      cluster: new Cluster(size, { upstream: redis.port, prefix, leaseMs, dir, afflictions }),
      random: new Random(seed),
      leaseMs,
      afflictions,
      unsyncedTail: fsync === 'everysec' ? new UnsyncedTail(join(dir, 'redis')) : undefined,
    };
    this.producer = new Producer(this.scheduler);
    this.#base = base;
    this.#dir = dir;
    this.#keep = options.keep;
  }

  /** Resolves once the cluster is complete and the collector sees its events. */
  async start(): Promise<void> {
    const { collector, cluster, unsyncedTail } = this.scene;
    await collector.start();
    await cluster.complete();
    await cluster.leader();
    await collector.preferLog();
    unsyncedTail?.start();
    void this.#watchRedis();
  }

  /** Notes when Redis, or the machine, does not answer for a part of a lease. */
  async #watchRedis(): Promise<void> {
    const { control, afflictions, leaseMs } = this.scene;
    for (let last = Date.now(); !this.#isOver; ) {
      await delay(PING_MS);
      await control.ping().catch(() => {});
      const now = Date.now();
      if (now - last > leaseMs * STALL) afflictions.push({ pid: null, what: 'stalled', from: last, to: now + leaseMs });
      last = now;
    }
  }

  /** Waits until no run is owed, or none was settled for a minute. Returns what is left that should not be. */
  async nothingOwed(): Promise<string[]> {
    const { control } = this.scene;
    const count = () => control.hlen(`${this.#base}runs`);
    let owed = await count();
    for (let latest = performance.now(); owed > 0 && performance.now() < latest + OWED_MS; await delay(50)) {
      const left = await count();
      if (left < owed) latest = performance.now();
      owed = left;
    }
    const left = {
      runs: await control.hlen(`${this.#base}runs`),
      bodies: await control.hlen(`${this.#base}bodies`),
      instances: await control.hlen(`${this.#base}instances`),
      leases: await control.zcard(`${this.#base}leases`),
      outbox: await control.zcard(`${this.#base}outbox`),
      quarantine: await control.hlen(`${this.#base}quarantine`),
    };
    return Object.entries(left).flatMap(([name, count]) => (count > 0 ? [`${count} entries are left in ${name}`] : []));
  }

  /** Returns what the store holds of each job. */
  async kept(): Promise<ReadonlyMap<string, Kept>> {
    const kept = new Map<string, Kept>();
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Scheduler['getJobs']>> = await this.scheduler.getJobs({ limit: 1_000, cursor });
      for (const { id, nextRunTime, lastRun } of page.jobs) {
        const settled = (lastRun?.executed ?? 0) + (lastRun?.errors ?? 0);
        kept.set(id, { next: nextRunTime?.getTime() ?? Number.NaN, settled });
      }
      cursor = page.cursor;
    } while (cursor !== null);
    return kept;
  }

  /** Returns the faults that were made, and the times when processes stalled by themselves for a part of a lease. */
  afflictions(): Affliction[] {
    const { cluster, afflictions, leaseMs } = this.scene;
    const stalls = cluster.all.flatMap(({ pid, calls }) =>
      calls.stalls
        .filter(({ from, to }) => to - from > leaseMs * STALL)
        .map(({ from, to }) => ({ pid, what: 'stalled' as const, from, to: to + leaseMs })),
    );
    return [...afflictions, ...stalls];
  }

  /** Returns every call of every process, killed ones too. */
  calls(): Call[] {
    return this.scene.cluster.all.flatMap(({ calls }) => {
      calls.refresh();
      return calls.calls;
    });
  }

  /** Writes the records into the folder and keeps it, if `keep` was given or something is wrong. */
  async keep(evidence: Evidence, violations: readonly string[]): Promise<void> {
    if (violations.length === 0 && this.#keep === undefined) return;
    this.#isKept = true;
    const lines = (items: readonly unknown[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');
    await writeFile(join(this.#dir, 'events.jsonl'), lines(evidence.events));
    await writeFile(join(this.#dir, 'calls.jsonl'), lines(evidence.calls));
    await writeFile(join(this.#dir, 'afflictions.jsonl'), lines(evidence.afflictions));
    await writeFile(join(this.#dir, 'violations.txt'), violations.map((what) => `${what}\n`).join(''));
    for (const { pid, kind, server } of this.scene.cluster.all) {
      await writeFile(join(this.#dir, `${kind}-${pid}.log`), server.output);
    }
    console.error(`what was recorded is in ${this.#dir}`);
  }

  /** Ends everything that was started, and removes the folder unless it is kept. */
  async destroy(): Promise<void> {
    const { cluster, redis, control, collector, unsyncedTail } = this.scene;
    this.#isOver = true;
    unsyncedTail?.stop();
    collector.stop();
    control.disconnect();
    await cluster.destroy();
    await this.scheduler.shutdown();
    await this.producer.stop();
    await redis.stop();
    await rm(join(this.#dir, 'redis'), { recursive: true, force: true });
    if (!this.#isKept) await rm(this.#dir, { recursive: true, force: true });
  }
}

export async function openStage(options: ChaosOptions): Promise<Stage> {
  const dir = options.keep ?? (await mkdtemp(join(tmpdir(), 'carillon-chaos-')));
  const redis = await startRedis({ appendOnly: options.fsync, dir: join(dir, 'redis') });
  noteProcess(dir, 'redis', redis.pid);
  return new Stage(redis, dir, options);
}
