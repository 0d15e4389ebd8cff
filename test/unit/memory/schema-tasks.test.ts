import { fileURLToPath } from 'node:url';
import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, InvalidArgumentsError, RunFailedError, Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { loadTasks, Worker } from '@carillon/worker';
import { expect, it, onTestFinished } from 'vitest';
import { silent as logger } from '../../support/in-process.js';

const fileOf = (library: string) =>
  fileURLToPath(new URL(`../../../examples/contracts/${library}.js`, import.meta.url));

async function clusterOf(library: string) {
  const cluster = new MemoryCluster();
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const worker = new Worker({ backend: cluster.connect(), logger, ...(await loadTasks(fileOf(library))) });
  onTestFinished(async () => void (await Promise.all([worker, coordinator, scheduler].map((one) => one.shutdown()))));
  await coordinator.start();
  const events: CarillonEvent[] = [];
  await scheduler.addListener((event) => void events.push(event));
  /** Returns the error of a run that was enqueued while there was no worker. */
  const failureOf = async (args: readonly [object], retry = { attempts: 3 }) => {
    const run = await scheduler.enqueue('mail.send', args as never, { retry });
    await worker.start();
    return run.result().then(
      (value) => Promise.reject(new Error(`it returned ${value}`)),
      (error: unknown) => error as RunFailedError,
    );
  };
  return { scheduler, worker, events, failureOf };
}

it.each(['zod', 'valibot', 'arktype'])(
  'arguments that satisfy a schema of %s are passed as it makes them',
  async (library) => {
    const { scheduler, worker } = await clusterOf(library);
    await worker.start();
    const run = await scheduler.enqueue('mail.send', [{ to: 'ada@example.com' }]);
    expect(await run.result()).toBe('1 to ada@example.com');
  },
);

it.each(['zod', 'valibot', 'arktype'])(
  'others end the run as an error, with a schema of %s, that has the path',
  async (library) => {
    const { failureOf, events } = await clusterOf(library);
    const error = await failureOf([{ to: 'nobody' }]);
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error.message).toContain('args[0].to: ');
    const [failed] = events.filter(({ type }) => type === 'job_error');
    expect(failed).toMatchObject({ error: { name: 'InvalidArgumentsError', code: 'INVALID_ARGUMENTS' } });
  },
);

it('they are not tried again, whatever retry says', async () => {
  const { failureOf, events } = await clusterOf('zod');
  await failureOf([{ to: 'ada@example.com', copies: 0 }]);
  expect(events.map(({ type }) => type)).not.toContain('job_retrying');
});

it.each(['zod', 'valibot', 'arktype'])(
  'once a worker has joined, calls refuse arguments that do not satisfy its schema of %s',
  async (library) => {
    const { scheduler, worker } = await clusterOf(library);
    await worker.start();
    const wrong = scheduler.enqueue('mail.send', [{ to: 'ada@example.com', copies: 0 }]);
    await expect(wrong).rejects.toThrow(InvalidArgumentsError);
    await expect(wrong).rejects.toThrow('task "mail.send": args[0].copies: is less than 1');
    await expect(scheduler.enqueue('mail.send', [{ copies: 1 }])).rejects.toThrow('args[0].to: is missing');
    const [{ contracts } = { contracts: {} }] = (await scheduler.inspect()).workers;
    expect(contracts).toMatchObject({ 'mail.send': { type: 'array' } });
  },
);
