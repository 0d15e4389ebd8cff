import { setTimeout as sleep } from 'node:timers/promises';
import { Coordinator } from '@carillon/coordinator';
import { type Duration, interval, Scheduler } from '@carillon/core';
import { FORMATS } from '@carillon/core/internal';
import { Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect } from 'vitest';
import { captureEvents } from '../support/captured-events.js';
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
const LEASE_MS = 1_500;

/**
 * A live cluster under load, of members of two releases in this process. Its jobs fire some times a second each; some take longer
 * than their interval, so that `maxInstances` matters.
 */
class RollingCluster {
  readonly stored = new Stored();
  readonly scheduler: Scheduler;
  readonly log: string[] = [];
  /** The most executions of a job that were under way at the same time. */
  most = 0;
  readonly #old: OldRelease;
  readonly #members = new Map<string, Member>();
  readonly #running = new Map<string, number>();

  constructor(old: OldRelease) {
    this.#old = old;
    this.scheduler = new Scheduler({ redis: redisUrl(), prefix: this.stored.prefix, logger: silent });
  }

  /** Starts a member; one of its role and age that runs already stays as it is. */
  async start(age: Age, role: Role): Promise<void> {
    const name = `${age} ${role}`;
    if (this.#members.has(name)) return;
    const { coordinator, worker } = age === 'old' ? this.#old : { coordinator: { Coordinator }, worker: { Worker } };
    const logger = pino({ base: { name }, level: 'error' }, { write: (line) => void this.log.push(line) });
    const common = { redis: redisUrl(), prefix: this.stored.prefix, logger, lease: LEASE_MS };
    const tasks = Object.fromEntries(EVERY_MS.map((ms) => [`every.${ms}`, (id: string) => this.#run(id, ms)]));
    const executors = { default: { concurrency: 20 } };
    const member =
      role === 'coordinator' ? new coordinator.Coordinator(common) : new worker.Worker({ ...common, tasks, executors });
    this.#members.set(name, member);
    await member.start();
  }

  async stop(age: Age, role: Role): Promise<void> {
    const name = `${age} ${role}`;
    const member = this.#members.get(name);
    this.#members.delete(name);
    await member?.shutdown(role === 'worker' ? { timeout: '2s' } : undefined);
  }

  /** Replaces the member of a role of one release by that of another, which serves before the other one goes. */
  async roll(role: Role, from: Age, to: Age): Promise<void> {
    await this.start(to, role);
    await this.stop(from, role);
  }

  async format(): Promise<number> {
    return (await this.scheduler.inspect()).format;
  }

  /** Resolves once each job was executed some times more. */
  async goOn(events: { of(type: 'job_executed'): readonly { readonly jobId: string | null }[] }): Promise<void> {
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

  get jobIds(): readonly string[] {
    return EVERY_MS.flatMap((ms) => [`quick-${ms}`, `slow-${ms}`]);
  }

  /** Adds the jobs, half of them by a client of the old release. */
  async addJobs(): Promise<void> {
    const { core } = this.#old;
    const client = new core.Scheduler({ redis: redisUrl(), prefix: this.stored.prefix, logger: silent });
    for (const ms of EVERY_MS) {
      const common = { task: `every.${ms}`, trigger: interval({ milliseconds: ms }), maxInstances: MAX_INSTANCES };
      await client.addJob({ ...common, id: `quick-${ms}`, args: [`quick-${ms}`], coalesce: false });
      await this.scheduler.addJob({ ...common, id: `slow-${ms}`, args: [`slow-${ms}`] });
    }
    await client.shutdown();
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
 * Rolls a cluster from the old release to this one and back, a role at a time, under load; each fire time must end in just one
 * outcome, and nothing may be left.
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
      }
      await eventually(async () => expect(await cluster.format()).toBe(FORMATS.newest));
      await cluster.goOn(events);
      for (const role of order) {
        await cluster.roll(role, 'new', 'old');
        await cluster.goOn(events);
        expect(await cluster.format()).toBe(1);
      }
    }
    // A job that is removed misses what it owes just then.
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
