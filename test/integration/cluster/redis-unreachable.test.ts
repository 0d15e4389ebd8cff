import { ConnectionError } from '@carillon/core';
import { describe, expect } from 'vitest';
import {
  launchCoordinator,
  launchWorker,
  settled,
  startCoordinator,
  startWorker,
  terminate,
  test,
} from '../../support/cluster.js';
import { eventually } from '../../support/eventually.js';
import { LOST } from '../../support/outages.js';
import type { ServerProcess } from '../../support/server-process.js';

const DONE_MS = 30_000;

function saysThatItTries(server: ServerProcess): Promise<void> {
  return eventually(() => expect(server.output).toContain(LOST));
}

describe.concurrent('while Redis is not reached', () => {
  test('servers that start keep trying, and work once it is there', async ({ placeOnOwnRedis: place, ownRedis }) => {
    await ownRedis.kill();
    const servers = [launchCoordinator(place), launchWorker(place)];
    await Promise.all(servers.map(saysThatItTries));
    await ownRedis.start();

    await Promise.all(servers.map((server) => server.ready()));
    const { runId } = await eventually(() => place.scheduler.enqueue('record.now'));
    await eventually(() => expect(place.journal.ended.map(({ executionId }) => executionId)).toContain(`${runId}.0`));
  });

  test('servers that start end when asked to', async ({ placeOnOwnRedis: place, ownRedis }) => {
    await ownRedis.kill();
    const servers = [launchCoordinator(place), launchWorker(place)];
    await Promise.all(servers.map(saysThatItTries));
    await Promise.all(servers.map((server) => terminate(server, DONE_MS)));
  });

  test('servers end when asked to, and what they leave is run later', async ({ placeOnOwnRedis: place, ownRedis }) => {
    const leaving = await Promise.all([
      startCoordinator(place),
      startCoordinator(place),
      startWorker(place, { shutdownTimeout: '1s', lease: '5s' }),
    ]);
    await place.scheduler.addJob({ id: 'held', task: 'record.held' });
    const first = await eventually(() => place.journal.began[0] ?? expect.fail('nothing has begun'));
    await ownRedis.kill();
    await Promise.all(leaving.map((server) => terminate(server, DONE_MS)));
    await ownRedis.start();

    const [worker] = await Promise.all([startWorker(place, { lease: '20s' }), startCoordinator(place)]);
    const again = await eventually(() => place.journal.began[1] ?? expect.fail('it was not run again'));
    expect(again).toMatchObject({ executionId: first.executionId, workerId: worker.id, attempt: 2 });
    await worker.ask('release', again.executionId);
    await settled(place);
  });

  test('clients fail fast, whatever they ask', async ({ placeOnOwnRedis: { scheduler }, ownRedis }) => {
    await ownRedis.kill();
    const calls = [
      () => scheduler.start(),
      () => scheduler.getJob('a'),
      () => scheduler.getJobs(),
      () => scheduler.addJob({ task: 'record.now' }),
      () => scheduler.enqueue('record.now'),
      () => scheduler.pause(),
      () => scheduler.addListener(() => {}),
    ];
    const calledAt = performance.now();
    await Promise.all(calls.map((call) => expect(call()).rejects.toThrow(ConnectionError)));
    expect(performance.now() - calledAt).toBeLessThan(DONE_MS);
  });

  test('clients fail too where it is there, but stands still', async ({ placeOnOwnRedis: { scheduler }, ownRedis }) => {
    await scheduler.start();
    const pid = ownRedis.pid ?? expect.fail('the server has no process');
    process.kill(pid, 'SIGSTOP');
    const calls = [scheduler.getJob('a'), scheduler.addJob({ task: 'record.now' }), scheduler.enqueue('record.now')];
    await Promise.all(calls.map((call) => expect(call).rejects.toThrow(ConnectionError)));
    process.kill(pid, 'SIGCONT');
    await eventually(() => scheduler.getJob('a'));
  });
});
