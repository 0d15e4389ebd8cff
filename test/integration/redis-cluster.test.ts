import { interval } from '@carillon/core';
import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../support/ask.js';
import { captureEvents } from '../support/captured-events.js';
import { eventually } from '../support/eventually.js';
import { silent } from '../support/in-process.js';

test('a job store lives on a Redis Cluster: added, fired, settled', async () => {
  const server = await startRedis({ args: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'] });
  onTestFinished(() => server.stop());
  await ask(server.url, ['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
  await eventually(async () => expect(await ask(server.url, ['CLUSTER', 'INFO'])).toMatch(/cluster_state:ok/));

  const redis = { cluster: [{ host: '127.0.0.1', port: server.port }] };
  const jobStores = ['default', 'other'];
  const carillon = new Carillon({ redis, jobStores, logger: silent, tasks: { add: (a: number, b: number) => a + b } });
  const events = await captureEvents(carillon);
  await carillon.start();
  await carillon.addJobs(
    jobStores.map((jobStore) => ({ id: 'sum', task: 'add', args: [1, 2], jobStore, trigger: interval('200ms') })),
  );
  for (const jobStore of jobStores) {
    const first = await events.first('job_executed', (event) => event.jobStore === jobStore);
    expect(first).toMatchObject({ jobId: 'sum', value: 3 });
    await events.first('job_executed', (event) => event.jobStore === jobStore && event.runId !== first.runId);
    expect(await carillon.removeAllJobs({ jobStore })).toBe(1);
  }
  const { runId } = await carillon.enqueue('add', [2, 3]);
  expect(await events.first('job_executed', (event) => event.runId === runId)).toMatchObject({ value: 5 });
  for (const jobStore of jobStores) {
    await eventually(async () => expect(await ask(server.url, ['EXISTS', `{carillon:${jobStore}}:runs`])).toBe('0'));
  }
  await events.upToDate();
  expect(events.incomplete).toEqual([]);
  await carillon.shutdown();
});
