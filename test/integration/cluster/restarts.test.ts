import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionError, cron, date } from '@carillon/core';
import { describe, expect } from 'vitest';
import { captureEvents } from '../../support/captured-events.js';
import {
  finished,
  kill9,
  leaderOf,
  type Place,
  startCoordinator,
  startWorker,
  terminate,
  test,
} from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import { difference, everySecond, type Fire, firesOf, NO_DIFFERENCE } from '../../support/fire-times.js';

const jobIds = ['a', 'b', 'c', 'd', 'e'];
const DOWN_MS = 2_000;

/** Longer than Redis is away, so no worker is counted as lost. */
const worker = { lease: '20s' } as const;

async function addJobs({ scheduler }: Place, seconds: number): Promise<readonly Fire[]> {
  const { trigger, fireTimes } = everySecond(seconds);
  await scheduler.addJobs(jobIds.map((id) => ({ id, task: 'record.now', trigger, coalesce: false, maxInstances: 20 })));
  return firesOf(jobIds, fireTimes);
}

/** Resolves once at least `count` calls of tasks have ended. */
function ended(place: Place, count: number): Promise<void> {
  return eventually(() => expect(place.journal.ended.length).toBeGreaterThanOrEqual(count));
}

const start = (place: Place) =>
  Promise.all([
    startCoordinator(place),
    startCoordinator(place),
    startWorker(place, worker),
    startWorker(place, worker),
  ]);

describe.concurrent('jobs survive', () => {
  test('a restart of every process, whether asked to end or killed', async ({ place }) => {
    const events = await captureEvents(place.scheduler);
    const { scheduler } = place;
    await scheduler.addJob({
      id: 'daily',
      task: 'record.now',
      trigger: cron('0 9 * * *', { timezone: 'Europe/Berlin' }),
    });
    await scheduler.addJob({ id: 'paused', task: 'record.now', trigger: date(new Date(2100, 0)), nextRunTime: null });
    const resting = () => Promise.all([scheduler.getJob('daily'), scheduler.getJob('paused')]);
    const reported = (await resting()).map((job) => JSON.stringify(job));

    const first = await start(place);
    const expected = await addJobs(place, 12);
    await ended(place, 2 * jobIds.length);
    await Promise.all(first.map((server) => terminate(server)));

    const second = await start(place);
    await ended(place, 6 * jobIds.length);
    await Promise.all(second.map(kill9));

    await start(place);
    await events.count('job_executed', expected.length, 60_000);
    expect((await resting()).map((job) => JSON.stringify(job))).toEqual(reported);
    await Promise.all([scheduler.removeJob('daily'), scheduler.removeJob('paused')]);
    await finished(place);
    await events.upToDate();
    expect(difference(events.executed, expected)).toEqual(NO_DIFFERENCE);
    expect(difference(place.journal.ended, expected)).toMatchObject({ lost: [], unexpected: [] });
  });

  test('a kill of Redis and its restart over its append-only file', async ({ placeOnOwnRedis: place, ownRedis }) => {
    const events = await captureEvents(place.scheduler);
    const servers = await start(place);
    const leader = await leaderOf(servers.slice(0, 2));
    const expected = await addJobs(place, 8);

    await ended(place, 3 * jobIds.length);
    await ownRedis.kill();
    await ownRedis.start();
    const backAt = new Date();
    await events.first('job_executed', ({ at }) => at > backAt);
    await finished(place);

    expect(difference(place.journal.ended, expected)).toEqual(NO_DIFFERENCE);
    await events.upToDate();
    expect(difference(events.executed, expected)).toMatchObject({ unexpected: [], repeated: [] });
    expect((await leaderOf(servers.slice(0, 2))).epoch).toBeGreaterThanOrEqual(leader.epoch);
  });

  test('Redis being away for two seconds, while clients fail fast', async ({ placeOnOwnRedis: place, ownRedis }) => {
    const { scheduler } = place;
    const events = await captureEvents(scheduler);
    await start(place);
    const expected = await addJobs(place, 8);

    await ended(place, 3 * jobIds.length);
    await ownRedis.kill();
    // The calls fail while Redis is away: it does not come back before they have failed.
    const down = delay(DOWN_MS);
    await expect(scheduler.getJob('a')).rejects.toThrow(ConnectionError);
    await expect(scheduler.addJob({ task: 'record.now' })).rejects.toThrow(ConnectionError);
    await expect(scheduler.enqueue('record.now')).rejects.toThrow(ConnectionError);
    await down;
    await ownRedis.start();
    await finished(place);

    expect(difference(place.journal.ended, expected)).toEqual(NO_DIFFERENCE);
    await events.upToDate();
    expect(difference(events.executed, expected)).toMatchObject({ unexpected: [], repeated: [] });
    await eventually(() => scheduler.getJob('a'));
  });

  test('Redis standing still for two seconds', async ({ placeOnOwnRedis: place, ownRedis }) => {
    const events = await captureEvents(place.scheduler);
    await start(place);
    const expected = await addJobs(place, 8);

    await ended(place, 3 * jobIds.length);
    const pid = ownRedis.pid ?? expect.fail('the server has no process');
    process.kill(pid, 'SIGSTOP');
    await delay(DOWN_MS);
    process.kill(pid, 'SIGCONT');
    await events.count('job_executed', expected.length);
    await finished(place);

    expect(difference(place.journal.ended, expected)).toEqual(NO_DIFFERENCE);
    await events.upToDate();
    expect(difference(events.executed, expected)).toEqual(NO_DIFFERENCE);
  });
});
