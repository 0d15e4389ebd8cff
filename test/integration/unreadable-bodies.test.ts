import { Coordinator } from '@carillon/coordinator';
import { Worker } from '@carillon/worker';
import { expect, onTestFinished, test } from 'vitest';
import { captureEvents } from '../support/captured-events.js';
import { newScheduler, nothingOwed, Stored, silent } from '../support/in-process.js';
import { redisUrl } from '../support/redis.js';

test('a run whose body cannot be read ends as an error; those beside it are executed', async () => {
  const stored = new Stored();
  const { prefix, backend } = stored;
  const scheduler = newScheduler(prefix);
  const events = await captureEvents(scheduler);
  const runs = await Promise.all([1, 2, 3].map((n) => scheduler.enqueue('double', [n])));
  const { bodies } = backend.keys('default');
  const spoilt = runs[1]?.runId ?? '';
  // This is still valid JSON: only the checksum shows the change.
  const body = (await backend.client.hget(bodies, spoilt)) ?? '';
  expect(body).toContain('[2]');
  await backend.client.hset(bodies, spoilt, body.replace('[2]', '[7]'));

  const place = { redis: redisUrl(), prefix, logger: silent };
  const worker = new Worker({ ...place, tasks: { double: (n: number) => 2 * n } });
  const coordinator = new Coordinator(place);
  onTestFinished(async () => {
    await Promise.all([worker.shutdown({ timeout: '1s' }), coordinator.shutdown()]);
  });
  await Promise.all([worker.start(), coordinator.start()]);
  const results = await Promise.allSettled(runs.map((run) => run.result()));
  expect(results).toMatchObject([
    { status: 'fulfilled', value: 2 },
    { status: 'rejected', reason: { message: expect.stringContaining('cannot be read') } },
    { status: 'fulfilled', value: 6 },
  ]);
  await nothingOwed(stored);
  await events.upToDate();
  expect(events.of('job_error')).toMatchObject([{ runId: spoilt, error: { code: 'UNREADABLE_RUN' } }]);
});
