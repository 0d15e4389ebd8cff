import { Coordinator } from '@carillon/coordinator';
import { Worker } from '@carillon/worker';
import { expect, it, onTestFinished } from 'vitest';
import { consoleInMemory } from '../../support/console.js';
import { silent as logger } from '../../support/in-process.js';

const RETRY = 'v1/stores/default/bulk/retry';

it('runs that failed are run again, where they are as many as was confirmed', async () => {
  const { ask, cluster, clock, scheduler } = consoleInMemory();
  const fails = () => {
    throw new Error('no');
  };
  const worker = new Worker({ backend: cluster.connect(), logger, tasks: { mail: fails, other: fails } });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  onTestFinished(async () => void (await Promise.all([worker.shutdown(), coordinator.shutdown()])));
  await Promise.all([worker.start(), coordinator.start()]);
  for (const task of ['mail', 'mail', 'other']) await scheduler.enqueue(task, []);
  await clock.advance('10s');
  expect((await scheduler.getRuns({ outcome: ['error'] })).runs).toHaveLength(3);

  const filter = { task: 'mail' };
  const dry = await ask('POST', `${RETRY}?dryRun=true`, { filter, expected: 2 });
  expect(dry.body).toMatchObject({ dryRun: true, before: { matched: 2, notKept: 0 }, after: { retry: 2 } });
  const wrong = await ask('POST', RETRY, { filter, expected: 1 });
  expect([wrong.status, wrong.body.code]).toEqual([409, 'UNEXPECTED_COUNT']);
  const { status, body } = await ask('POST', RETRY, { filter, expected: 2, reason: 'mended' });
  expect([status, body.runs.length, body.left]).toEqual([200, 2, []]);
  const none = await ask('POST', `${RETRY}?dryRun=true`, {
    filter: { ...filter, to: '2026-01-01T00:00:00Z' },
    expected: 0,
  });
  expect(none.body.before).toMatchObject({ matched: 0 });
});
