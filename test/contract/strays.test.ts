import { expect, test } from 'vitest';
import { jobStoreContract, START, type TestedStore } from '../support/contract.js';
import { deliverAll, elect, listen, newRun } from '../support/contract-records.js';
import { running, settle, settlement, states, submit } from '../support/contract-runs.js';

const queued = { overlap: 'queue' } as const;

const strays = async ({ store }: TestedStore) => (await store.terms.suspects({ limit: 100, cursor: '0' })).strays;
const restore = async ({ store }: TestedStore, epoch: number, ...runIds: string[]) =>
  store.terms.restoreRuns({ epoch, runIds });

jobStoreContract('runs that are owed and nowhere', (open) => {
  test('there are none while no other program writes', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('running', 'a', queued));
    await submit(contract, newRun('waiting', 'a', queued));
    await submit(contract, newRun('in the outbox', null));
    expect(await strays(contract)).toEqual([]);
    const heard = await listen(contract);
    expect(await restore(contract, epoch, 'running', 'waiting', 'in the outbox', 'unknown')).toMatchObject({
      status: 'done',
    });
    expect(await heard()).toEqual([]);
    expect(await states(contract, 'running', 'waiting', 'in the outbox')).toEqual(['running', 'waiting', 'queued']);
  });

  test('one that waited waits again, as there is no room, and runs once there is', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('1', 'a', queued));
    await submit(contract, newRun('2', 'a', queued));
    await contract.damage('waiting', 'a');
    expect(await strays(contract)).toEqual(['2']);
    expect(await restore(contract, epoch, '2')).toEqual({ status: 'done', value: null });
    expect(await strays(contract)).toEqual([]);
    expect(await states(contract, '2')).toEqual(['waiting']);
    await settle(contract, settlement('1', 'executed'));
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['2']);
  });

  test('one that waited runs at once where there is room by now', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('1', 'a', queued));
    await submit(contract, newRun('2', 'a', queued));
    await contract.damage('waiting', 'a');
    await settle(contract, settlement('1', 'executed'));
    const heard = await listen(contract);
    await restore(contract, epoch, '2');
    expect(await heard()).toMatchObject([{ type: 'job_submitted', runId: '2' }, String(START)]);
    expect([...(await deliverAll(contract, epoch)).keys()]).toEqual(['2']);
    expect(await submit(contract, newRun('3', 'a', queued))).toBe('waiting');
  });

  test('one that waited displaces the one that waits by now: of two, one is reported', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('1', 'a', queued));
    await submit(contract, newRun('2', 'a', queued));
    await contract.damage('waiting', 'a');
    await submit(contract, newRun('3', 'a', queued));
    const heard = await listen(contract);
    await restore(contract, epoch, '2');
    expect(await heard()).toMatchObject([{ type: 'job_max_instances', runId: '3' }, String(START)]);
    expect(await states(contract, '2', '3')).toEqual(['waiting', null]);
  });

  test('where some of several jobs are counted and are no more, the next ones run in the order of the ids of the jobs', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    const jobs = ['b', 'c', 'a'];
    for (const job of jobs) {
      await submit(contract, newRun(`${job} 1`, job, queued));
      await submit(contract, newRun(`${job} 2`, job, queued));
    }
    for (const job of jobs) await contract.damage('lost run', `${job} 1`);
    const heard = await listen(contract);
    await restore(contract, epoch);
    const submitted = (await heard()).filter((message) => typeof message === 'object');
    expect(submitted).toMatchObject(['a 2', 'b 2', 'c 2'].map((runId) => ({ type: 'job_submitted', runId })));
  });

  test('that are counted and are no more are not counted any longer, and the next one runs', async () => {
    const contract = await open();
    const { terms } = contract.store;
    const miscounted = async () => (await terms.suspects({ limit: 100, cursor: '0' })).isMiscounted;
    const epoch = await elect(contract);
    for (const job of ['skips', 'queues', 'stays']) {
      const policy = job === 'queues' ? queued : {};
      await submit(contract, newRun(`${job} 1`, job, policy));
    }
    await submit(contract, newRun('of no job', null));
    await submit(contract, newRun('queues 2', 'queues', queued));
    expect(await miscounted()).toBe(false);
    for (const run of ['skips 1', 'queues 1']) await contract.damage('lost run', run);
    expect(await submit(contract, newRun('skips 2', 'skips'))).toBe('max_instances');
    expect(await miscounted()).toBe(true);
    const heard = await listen(contract);
    expect(await restore(contract, epoch - 1)).toEqual({ status: 'over' });
    expect(await miscounted()).toBe(true);
    expect(await restore(contract, epoch)).toEqual({ status: 'done', value: null });
    expect(await heard()).toMatchObject([{ type: 'job_submitted', runId: 'queues 2' }, String(START), String(START)]);
    expect(await miscounted()).toBe(false);
    expect(await submit(contract, newRun('skips 3', 'skips'))).toBe('submitted');
    expect(await submit(contract, newRun('stays 2', 'stays'))).toBe('max_instances');
    expect(await restore(contract, epoch)).toEqual({ status: 'done', value: null });
    expect(await submit(contract, newRun('stays 3', 'stays'))).toBe('max_instances');
  });

  test('a look at due jobs says whether anything is there that may be lost, also while the store is paused', async () => {
    const contract = await open();
    const { terms } = contract.store;
    const epoch = await elect(contract);
    const isOwing = async () => (await terms.due(10)).isOwing;
    expect(await isOwing()).toBe(false);
    for (const pause of [false, true]) {
      const id = `run-${pause}`;
      await submit(contract, newRun(id, 'a'));
      expect(await isOwing()).toBe(true);
      await running(contract, epoch, newRun(`${id} of no job`, null));
      await deliverAll(contract, epoch);
      await contract.damage('lost run', id);
      await contract.store.records.setPaused({ paused: pause, event: { type: 'scheduler_paused', about: { x: 1 } } });
      expect(await isOwing()).toBe(true);
      await settle(contract, settlement(`${id} of no job`, 'executed'));
      // The store counts a run that no longer exists.
      expect(await isOwing()).toBe(true);
      await restore(contract, epoch);
      expect(await isOwing()).toBe(false);
    }
  });

  test('a term that is over restores nothing', async () => {
    const contract = await open();
    const epoch = await elect(contract);
    await running(contract, epoch, newRun('1', 'a', queued));
    await submit(contract, newRun('2', 'a', queued));
    await contract.damage('waiting', 'a');
    await contract.pass(1);
    await elect(contract);
    expect(await restore(contract, epoch, '2')).toEqual({ status: 'over' });
    expect(await strays(contract)).toEqual(['2']);
  });
});
