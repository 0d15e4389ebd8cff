import { setTimeout as sleep } from 'node:timers/promises';
import { Coordinator } from '@carillon/coordinator';
import { type Duration, interval, Scheduler } from '@carillon/core';
import { FORMATS, reportTo } from '@carillon/core/internal';
import { RedisBackend } from '@carillon/redis';
import { Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect } from 'vitest';
import { type CapturedEvents, captureEvents } from '../support/captured-events.js';
import { eventually } from '../support/eventually.js';
import { FireAccount } from '../support/fire-account.js';
import { nothingOwed, Stored, silent } from '../support/in-process.js';
import { redisUrl } from '../support/redis.js';
import type { OldRelease } from './old-release.js';

export type Role = 'coordinator' | 'worker';
type Age = 'old' | 'new';

interface Member {
  shutdown(options?: { readonly timeout: Duration }): Promise<void>;
}

const EVERY_MS = [100, 150, 250];
const MAX_INSTANCES = 2;
/** A leader of this release sends all runs that are due together as one delivery, however long runs take on this machine. */
const ALL = { workMs: Number.MAX_VALUE, unknownMs: 0, most: 100, perWorker: 0.01, quickMs: 1, few: 1 };
/** How many quick jobs are due at once: their runs travel in packs. */
const BURST = 10;
const BURST_EVERY_MS = 1_000;
/** A third of it is the command timeout of new coordinators. */
const LEASE_MS = 9_000;

/**
 * A live cluster under load, with members of two releases in this process. Its jobs fire one to ten times a second each. Some take
 * longer than their interval, so `maxInstances` matters.
 */
class RollingCluster {
  readonly stored = new Stored();
  readonly scheduler: Scheduler;
  readonly log: string[] = [];
  /** The most executions of one job that ran at the same time. */
  most = 0;
  readonly #old: OldRelease;
  readonly #members = new Map<string, Member>();
  readonly #running = new Map<string, number>();
  #added = 0;
  #countedTo = '0-0';

  constructor(old: OldRelease) {
    this.#old = old;
    this.scheduler = new Scheduler({ redis: redisUrl(), prefix: this.stored.prefix, logger: silent });
  }

  /** Starts a member, unless one of its role and age already runs. */
  async start(age: Age, role: Role): Promise<void> {
    const name = `${age} ${role}`;
    if (this.#members.has(name)) return;
    const { coordinator, worker } = age === 'old' ? this.#old : { coordinator: { Coordinator }, worker: { Worker } };
    const logger = pino({ base: { name }, level: 'error' }, { write: (line) => void this.log.push(line) });
    const place = { redis: redisUrl(), prefix: this.stored.prefix };
    const common = { ...place, logger, lease: LEASE_MS };
    const slow = Object.fromEntries(EVERY_MS.map((ms) => [`every.${ms}`, (id: string) => this.#run(id, ms)]));
    const tasks = { ...slow, [`every.${BURST_EVERY_MS}`]: () => {} };
    const executors = { default: { concurrency: 20 }, bursts: { concurrency: 20 } };
    const lead = () => {
      if (age === 'old') return new coordinator.Coordinator(common);
      const backend = new RedisBackend({
        ...place,
        fail: 'fast',
        commandTimeoutMs: LEASE_MS / 3,
        report: reportTo(logger),
      });
      return new Coordinator({ backend: Object.assign(backend, { packRules: ALL }), logger, lease: LEASE_MS });
    };
    const member = role === 'coordinator' ? lead() : new worker.Worker({ ...common, tasks, executors });
    this.#members.set(name, member);
    await member.start();
  }

  async stop(age: Age, role: Role): Promise<void> {
    const name = `${age} ${role}`;
    const member = this.#members.get(name);
    this.#members.delete(name);
    await member?.shutdown(role === 'worker' ? { timeout: '2s' } : undefined);
  }

  /** Replaces a role's member of one release by one of the other release. The new one serves before the first one stops. */
  async roll(role: Role, from: Age, to: Age): Promise<void> {
    await this.start(to, role);
    await this.stop(from, role);
  }

  get isLedByNew(): boolean {
    return this.#members.has('new coordinator');
  }

  async format(): Promise<number> {
    return (await this.scheduler.inspect()).format;
  }

  /** Resolves once each job was executed at least three more times. */
  async goOn(events: CapturedEvents): Promise<void> {
    const counts = () => {
      const by = new Map<string, number>();
      for (const { jobId } of events.of('job_executed')) by.set(jobId ?? '', (by.get(jobId ?? '') ?? 0) + 1);
      return by;
    };
    const before = counts();
    await eventually(() => {
      const now = counts();
      for (const id of this.jobIds) expect(now.get(id) ?? 0, id).toBeGreaterThan((before.get(id) ?? 0) + 2);
    });
  }

  /** Resolves once some runs of the burst have shared deliveries: far more runs were executed than deliveries were added. */
  async goOnInPacks(events: CapturedEvents): Promise<void> {
    const shared = async () => {
      const executed = events.of('job_executed').filter(({ jobId }) => jobId?.startsWith('burst')).length;
      return executed - (await this.#deliveries());
    };
    await events.upToDate();
    const before = await shared();
    // Runs that were already queued when this began may be executed without a new delivery.
    await eventually(async () => expect(await shared()).toBeGreaterThan(before + MAX_INSTANCES * BURST));
  }

  /** Returns how many deliveries were added to the queue of the burst so far. It reads only the entries since its last call. */
  async #deliveries(): Promise<number> {
    const { backend } = this.stored;
    const queue = `${backend.keys('default').queues}:bursts`;
    const fresh = await backend.client.xrange(`${queue}:events`, `(${this.#countedTo}`, '+');
    this.#countedTo = fresh.at(-1)?.[0] ?? this.#countedTo;
    this.#added += fresh.filter(([, fields]) => fields[fields.indexOf('event') + 1] === 'added').length;
    return this.#added;
  }

  get jobIds(): readonly string[] {
    return [...EVERY_MS.flatMap((ms) => [`quick-${ms}`, `slow-${ms}`]), ...this.burstIds];
  }

  get burstIds(): readonly string[] {
    return Array.from({ length: BURST }, (_, index) => `burst-${index}`);
  }

  /** Adds the jobs. A client of the old release adds the quick ones. */
  async addJobs(): Promise<void> {
    const { core } = this.#old;
    const client = new core.Scheduler({ redis: redisUrl(), prefix: this.stored.prefix, logger: silent });
    for (const ms of EVERY_MS) {
      const common = { task: `every.${ms}`, trigger: interval({ milliseconds: ms }), maxInstances: MAX_INSTANCES };
      await client.addJob({ ...common, id: `quick-${ms}`, args: [`quick-${ms}`], coalesce: false });
      await this.scheduler.addJob({ ...common, id: `slow-${ms}`, args: [`slow-${ms}`] });
    }
    await client.shutdown();
    const trigger = interval({ milliseconds: BURST_EVERY_MS, startAt: new Date() });
    const task = `every.${BURST_EVERY_MS}`;
    await this.scheduler.addJobs(this.burstIds.map((id) => ({ id, task, executor: 'bursts', trigger })));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members.values()].map((member) => member.shutdown()));
    await this.scheduler.shutdown();
  }

  async #run(id: string, ms: number): Promise<void> {
    const running = (this.#running.get(id) ?? 0) + 1;
    this.#running.set(id, running);
    this.most = Math.max(this.most, running);
    await sleep(id.startsWith('slow') ? 3 * ms : 1);
    this.#running.set(id, (this.#running.get(id) ?? 1) - 1);
  }
}

/**
 * Rolls a cluster from the old release to this one and back, a role at a time, under load that includes runs in packs. Each fire time
 * must end in exactly one outcome, and nothing may be left.
 */
export async function rollThereAndBack(old: OldRelease, orders: readonly (readonly [Role, Role])[]): Promise<void> {
  const cluster = new RollingCluster(old);
  try {
    const events = await captureEvents(cluster.scheduler);
    await Promise.all([cluster.start('old', 'coordinator'), cluster.start('old', 'worker')]);
    await cluster.addJobs();
    await cluster.goOn(events);
    expect(await cluster.format()).toBe(1);
    for (const order of orders) {
      for (const role of order) {
        await cluster.roll(role, 'old', 'new');
        await cluster.goOn(events);
        // If the leader is replaced first, the packs go to an old worker.
        if (cluster.isLedByNew) await cluster.goOnInPacks(events);
      }
      await eventually(async () => expect(await cluster.format()).toBe(FORMATS.newest));
      await cluster.goOn(events);
      for (const role of order) {
        await cluster.roll(role, 'new', 'old');
        await cluster.goOn(events);
        expect(await cluster.format()).toBe(1);
      }
    }
    // Removing a job makes it miss the fire times that it owes at that moment.
    await events.upToDate();
    expect(events.of('job_missed')).toEqual([]);
    for (const id of cluster.jobIds) await cluster.scheduler.removeJob(id);
    await nothingOwed(cluster.stored);
    const { counts } = await cluster.scheduler.inspect();
    expect(counts).toMatchObject({ jobs: 0, runs: 0, quarantine: 0 });
    await eventually(() => expect(new FireAccount(events.all).owed).toEqual([]));
    const account = new FireAccount(events.all);
    expect(account.faults).toEqual([]);
    expect(account.counts.executed).toBeGreaterThan(50);
    expect(account.counts).toMatchObject({ error: 0 });
    expect(cluster.most).toBe(MAX_INSTANCES);
    const executions = events.of('job_executed').map(({ executionId }) => executionId);
    expect(new Set(executions).size).toBe(executions.length);
    expect(cluster.log).toEqual([]);
  } finally {
    await cluster.close();
  }
}
