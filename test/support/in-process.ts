import { type CarillonError, Scheduler, type SchedulerSettings, type TaskMap } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { RedisBackend } from '@carillon/redis';
import { Carillon, type CarillonOptions } from 'carillon';
import { expect, onTestFinished } from 'vitest';
import { type CapturedEvents, captureEvents } from './captured-events.js';
import { eventually } from './eventually.js';
import { ownPrefix, redisUrl } from './redis.js';

/** Logs nothing: errors show in the results of calls. */
export const silent = defaultLogger();
silent.level = 'silent';

/** Reads directly what is stored under a key prefix. Its keys are removed after the test. */
export class Stored {
  readonly prefix: string;
  readonly backend: RedisBackend;

  constructor(prefix = ownPrefix(), now?: () => number) {
    this.prefix = prefix;
    const clock = now ? { now } : {};
    this.backend = new RedisBackend({ redis: redisUrl(), prefix, report: () => {}, fail: 'fast', ...clock });
    onTestFinished(async () => {
      const keys = await this.keys();
      if (keys.length > 0) await this.backend.client.del(...keys);
      await this.backend.close();
    });
  }

  async keys(): Promise<string[]> {
    const found = await Promise.all(
      [`{${this.prefix}:*`, `${this.prefix}:*`].map((like) => this.backend.client.keys(like)),
    );
    return found.flat().sort();
  }

  /** Returns how many entries each of these keys of a job store has. */
  async sizes(jobStore = 'default'): Promise<Record<'instances' | 'runs' | 'bodies' | 'outbox' | 'leases', number>> {
    const keys = this.backend.keys(jobStore);
    const { client } = this.backend;
    return {
      instances: await client.hlen(keys.instances),
      runs: await client.hlen(keys.runs),
      bodies: await client.hlen(keys.bodies),
      outbox: await client.zcard(keys.outbox),
      leases: await client.zcard(keys.leases),
    };
  }
}

const NOTHING_OWED = { instances: 0, runs: 0, bodies: 0, outbox: 0, leases: 0 };

/** Resolves once no run is owed and no data of runs is left. */
export function nothingOwed(stored: Stored, limitMs?: number): Promise<void> {
  return eventually(async () => expect(await stored.sizes()).toEqual(NOTHING_OWED), limitMs);
}

/** A scheduler that is shut down after the test. */
export function newScheduler(prefix: string, settings: SchedulerSettings = {}): Scheduler {
  const scheduler = new Scheduler({ redis: redisUrl(), prefix, logger: silent, ...settings });
  onTestFinished(() => scheduler.shutdown());
  return scheduler;
}

export interface Together<T extends TaskMap<T>> {
  readonly carillon: Carillon<T>;
  readonly events: CapturedEvents;
  readonly stored: Stored;
}

/** Starts everything in this process, and captures its events. Shuts down after the test. */
export async function together<T extends TaskMap<T>>(
  tasks: T,
  settings: Partial<Omit<CarillonOptions<T>, 'tasks'>> = {},
): Promise<Together<T>> {
  const stored = new Stored();
  const carillon = new Carillon<T>({ redis: redisUrl(), prefix: stored.prefix, logger: silent, tasks, ...settings });
  onTestFinished(() => carillon.shutdown({ timeout: '5s' }));
  const events = await captureEvents(carillon);
  await carillon.start();
  return { carillon, events, stored };
}

/** Returns the error that a call fails with. */
export async function failure(call: () => unknown): Promise<CarillonError> {
  try {
    await call();
  } catch (error) {
    return error as CarillonError;
  }
  throw new Error('the call did not fail');
}
