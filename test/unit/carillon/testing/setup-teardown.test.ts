import { setTimeout as wait } from 'node:timers/promises';
import { InvalidOptionsError } from 'carillon';
import { testCluster } from 'carillon/testing';
import { expect, test } from 'vitest';

/** Options of a cluster whose tasks need a setup, and a list of what happened, in its order. */
function scene(setup: () => unknown = () => {}, teardown: () => unknown = () => {}) {
  const happened: string[] = [];
  const noting = (name: string, call: () => unknown) => async () => {
    happened.push(name);
    await call();
  };
  const tasks = { use: async (id: number) => void happened.push(`use ${id}`), hang: () => new Promise<void>(() => {}) };
  return { happened, options: { tasks, setup: noting('setup', setup), teardown: noting('teardown', teardown) } };
}

test('what tasks need is opened in real time before the first run, for all that wait, and closed after the last', async () => {
  const { happened, options } = scene(
    () => wait(50),
    () => wait(50),
  );
  const { scheduler, clock, eventsOf, shutdown } = await testCluster({
    ...options,
    executors: { default: {}, more: {} },
  });
  expect(happened).toEqual([]);
  for (const id of [1, 2, 3]) {
    // The time of the setup does not count as time of the run.
    await scheduler.enqueue('use', [id], { timeout: '10ms', executor: id === 3 ? 'more' : 'default' });
  }
  await clock.advance('1s');
  expect(eventsOf('job_executed')).toHaveLength(3);
  await scheduler.enqueue('use', [4]);
  await clock.advance('1s');
  expect(happened.slice(0, 1)).toEqual(['setup']);
  expect(happened.slice(1).sort()).toEqual(['use 1', 'use 2', 'use 3', 'use 4']);
  await shutdown();
  await shutdown();
  expect(happened.slice(5)).toEqual(['teardown']);
});

test('a run whose setup failed is an error that is tried again as its retry says', async () => {
  let failures = 2;
  const { happened, options } = scene(() => {
    if (failures-- > 0) throw new RangeError('the database is away');
  });
  const { scheduler, clock, eventsOf, shutdown } = await testCluster(options);
  await scheduler.enqueue('use', [1]);
  await clock.advance('1s');
  const error = { name: 'TaskSetupError', code: 'TASK_SETUP' };
  expect(eventsOf('job_error')).toMatchObject([{ error }]);
  expect(eventsOf('job_error')[0]?.error.message).toMatch(
    /^setup of this worker failed: RangeError: the database is away/,
  );
  await scheduler.enqueue('use', [2], { retry: { attempts: 2 } });
  await clock.advance('10s');
  expect(eventsOf('job_executed')).toHaveLength(1);
  await shutdown();
  expect(happened).toEqual(['setup', 'setup', 'setup', 'use 2', 'teardown']);
});

test('a setup that hangs fails its runs once setupTimeout is over, and a teardown that hangs ends the shutdown no later', async () => {
  const { happened, options } = scene(() => new Promise(() => {}));
  const { scheduler, clock, eventsOf, shutdown } = await testCluster({ ...options, setupTimeout: '1m' });
  await scheduler.enqueue('use', [1]);
  await clock.advance('59s');
  expect(eventsOf('job_error')).toEqual([]);
  await clock.advance('1s');
  expect(eventsOf('job_error')).toMatchObject([{ error: { code: 'TASK_SETUP' } }]);
  await shutdown();
  expect(happened).toEqual(['setup']);

  const stuck = scene(
    () => {},
    () => new Promise(() => {}),
  );
  const cluster = await testCluster({ ...stuck.options, teardownTimeout: '2m' });
  await cluster.scheduler.enqueue('use', [1]);
  await cluster.clock.advance('1s');
  const before = cluster.clock.now();
  await cluster.shutdown();
  expect(stuck.happened).toEqual(['setup', 'use 1', 'teardown']);
  expect((cluster.clock.now() - before) / 1_000).toBeGreaterThanOrEqual(120);
  expect((cluster.clock.now() - before) / 1_000).toBeLessThan(130);
});

test('what is open is closed after a task that hangs was given up, and once, however often an executor goes', async () => {
  const { happened, options } = scene();
  const { scheduler, worker, clock, shutdown } = await testCluster({ ...options, shutdownTimeout: '3s' });
  await worker.addExecutor('more');
  await scheduler.enqueue('use', [1], { executor: 'more' });
  await clock.advance('1s');
  await clock.advanceUntil(worker.removeExecutor('more'));
  expect(happened).toEqual(['setup', 'use 1']);
  await scheduler.enqueue('hang');
  await clock.advance('1s');
  await shutdown();
  expect(happened).toEqual(['setup', 'use 1', 'teardown']);
});

test('options that are wrong are refused', async () => {
  const { options } = scene();
  for (const wrong of [{ setup: {} }, { teardown: 'x' }, { setupTimeout: 'soon' }, { teardownTimeout: -1 }]) {
    await expect(testCluster({ ...options, ...(wrong as object) })).rejects.toThrow(InvalidOptionsError);
    await expect(testCluster({ ...options, ...(wrong as object) })).rejects.toThrow(`${Object.keys(wrong)[0]}: `);
  }
});
