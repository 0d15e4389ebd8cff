import { interval } from '@carillon/core';
import { task, Worker } from '@carillon/worker';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { consoleInMemory } from '../../support/console.js';
import { silent as logger } from '../../support/in-process.js';

const tasks = { mail: task({ args: z.tuple([z.object({ email: z.email() })]), run: () => {} }) };
const WRONG = [{ email: 5 }];

it('writes whose arguments no worker accepts are refused with the path; the contracts are in the answer', async () => {
  const { ask, cluster, scheduler } = consoleInMemory();
  const worker = new Worker({ backend: cluster.connect(), logger, tasks });
  onTestFinished(() => worker.shutdown());
  await worker.start();
  const trigger = interval('1h');
  await scheduler.addJob({ id: 'right', task: 'mail', args: [{ email: 'ada@example.com' }], trigger });
  const job = { id: 'wrong', task: 'mail', args: WRONG, trigger };
  const doors = [
    ['POST', 'v1/stores/default/jobs', job],
    ['PATCH', 'v1/stores/default/jobs/right', { task: 'mail', args: WRONG }],
    ['POST', 'v1/stores/default/runs', { task: 'mail', args: WRONG }],
    ['POST', 'v1/stores/default/jobs/right/run', { args: WRONG }],
  ] as const;
  for (const [method, path, body] of doors) {
    const answer = await ask(method, path, body);
    expect([path, answer.status, answer.body]).toMatchObject([path, 422, { code: 'INVALID_ARGUMENTS' }]);
    expect(answer.body.issues).toEqual([{ path: 'args[0].email', message: 'has type number, not string' }]);
  }
  const { body } = await ask('GET', 'v1/stores/default');
  expect(body.workers[0].contracts).toMatchObject({ mail: { type: 'array' } });
});
