import { date, interval, Scheduler } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { currentRun } from '@carillon/worker';
import { Carillon } from 'carillon';
import { expect, onTestFinished, test } from 'vitest';
import { EVENT_TYPES } from '../../packages/core/src/event/schema.js';
import { captureEvents } from '../support/captured-events.js';
import { eventually } from '../support/eventually.js';
import { silent } from '../support/in-process.js';
import { ownPrefix, redisUrl } from '../support/redis.js';

/** The URL of the same server with another database. */
const inDatabase = (database: number) => `${redisUrl().replace(/\/\d*$/, '')}/${database}`;

/** Collects all messages in a database. */
async function listenIn(database: number, prefix: string): Promise<string[]> {
  const backend = new RedisBackend({ redis: inDatabase(database), prefix, report: () => {}, fail: 'fast' });
  onTestFinished(() => backend.close());
  const heard: string[] = [];
  const bus = backend.eventBus('default');
  for (const channel of [...EVENT_TYPES.map((type) => `events:${type}` as const), 'wakeup', 'control'] as const)
    await bus.subscribe(channel, (message) => heard.push(`${channel} ${message}`));
  return heard;
}

test('each database of a server hears its own events, wake-ups and words to workers, and no others', async () => {
  const prefix = ownPrefix();
  const databases = [0, 1, 2];
  const heard = await Promise.all(databases.map((database) => listenIn(database, prefix)));
  for (const database of databases) {
    const redis = inDatabase(database);
    const tasks = {
      ping: async () => {},
      hang: () => new Promise<void>((resolve) => currentRun().signal.addEventListener('abort', () => resolve())),
    };
    const carillon = new Carillon({ redis, prefix, logger: silent, tasks });
    onTestFinished(() => carillon.shutdown({ timeout: 0 }));
    const plain = await captureEvents(carillon);
    const before = heard.map(({ length }) => length);
    await carillon.start();
    // All databases have the same run ids: a message to cancel one must reach no other.
    await carillon.addJob({ id: 'hangs', task: 'hang', trigger: date('2026-01-01T00:00:00Z') });
    await carillon.addJob({ id: 'often', task: 'ping', trigger: interval({ milliseconds: 50 }) });
    const { runId } = await plain.first('job_started', ({ jobId }) => jobId === 'hangs');
    await plain.count('job_executed', 2);
    await carillon.cancelRun(runId);
    await eventually(() => expect(heard[database]).toContain(`control cancel ${runId}`));
    await plain.first('job_cancelled', (event) => event.runId === runId);
    await carillon.pauseJob('often');
    await plain.first('job_paused');
    await eventually(() => expect(heard[database]?.some((message) => message.startsWith('wakeup '))).toBe(true));
    const after = heard.map(({ length }) => length);
    for (const other of databases.filter((one) => one !== database)) expect(after[other]).toBe(before[other]);
    await carillon.shutdown({ timeout: 0 });
    const scheduler = new Scheduler({ redis, prefix, logger: silent });
    await scheduler.removeAllJobs();
    await scheduler.shutdown();
  }
});
