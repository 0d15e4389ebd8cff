import type { CarillonEvent } from '@carillon/core';
import { expect, test } from 'vitest';
import { captureEvents } from '../support/captured-events.js';
import { newScheduler, Stored, together } from '../support/in-process.js';

test('a listener that throws or rejects does no harm', async () => {
  const { carillon, events } = await together({ ping: () => 'pong' });
  let calls = 0;
  const throwing = ({ type }: CarillonEvent) => {
    if (!type.startsWith('job_')) return;
    calls++;
    throw new Error('a listener of no use');
  };
  const rejecting = async () => {
    calls++;
    throw new Error('another one');
  };
  await carillon.addListener(throwing);
  await carillon.addListener(rejecting, ['job_executed', 'job_started']);
  const after = await captureEvents({ addListener: (callback) => carillon.addListener((event) => callback(event)) });
  for (let round = 1; round <= 3; round++) {
    await carillon.enqueue('ping');
    await events.count('job_executed', round);
    await after.count('job_executed', round);
  }
  expect(calls).toBe(3 * 3 + 3 * 2);
});

test('a listener hears the types that it asked for, until it is removed', async () => {
  const { prefix } = new Stored();
  const scheduler = newScheduler(prefix);
  const other = newScheduler(prefix);
  const events = await captureEvents(other);
  const heard: CarillonEvent['type'][] = [];
  const listener = (event: CarillonEvent) => heard.push(event.type);
  const round = async (id: string) => {
    await scheduler.addJob({ id, task: 'ping', nextRunTime: null });
    await scheduler.modifyJob(id, { maxInstances: 2 });
    await scheduler.removeJob(id);
    await events.first('job_removed', ({ jobId }) => jobId === id);
    // An answer over the same connection follows all that was published before the question.
    await (await scheduler.addListener(() => {}, ['leader_lost'])).remove();
    return heard.splice(0);
  };

  await scheduler.addListener(listener, ['job_added', 'job_removed', 'job_added']);
  expect(await round('a')).toEqual(['job_added', 'job_removed']);
  const subscription = await scheduler.addListener(listener, ['job_modified']);
  expect(await round('b')).toEqual(['job_modified']);
  await subscription.remove();
  expect(await round('c')).toEqual([]);
  await subscription.remove();
  await scheduler.addListener(listener);
  expect(await round('d')).toEqual(['job_added', 'job_modified', 'job_removed']);
  await scheduler.removeListener(listener);
  expect(await round('e')).toEqual([]);
  await scheduler.removeListener(() => {});
  {
    await using _ = await scheduler.addListener(listener, ['job_added']);
    expect(await round('f')).toEqual(['job_added']);
  }
  expect(await round('g')).toEqual([]);
  await scheduler.addListener(listener, []);
  expect(await round('h')).toEqual([]);
});

test('two listeners of one type do not end each other', async () => {
  const { prefix } = new Stored();
  const scheduler = newScheduler(prefix);
  const first: string[] = [];
  const events = await captureEvents(scheduler);
  const one = await scheduler.addListener(({ jobId }) => first.push(jobId), ['job_added']);
  await scheduler.addJob({ id: 'a', task: 'ping', nextRunTime: null });
  await events.first('job_added', ({ jobId }) => jobId === 'a');
  await one.remove();
  await scheduler.addJob({ id: 'b', task: 'ping', nextRunTime: null });
  await events.first('job_added', ({ jobId }) => jobId === 'b');
  expect(first).toEqual(['a']);
});

test('job stores are added and removed while listeners are there', async () => {
  const stored = new Stored();
  const scheduler = newScheduler(stored.prefix);
  const events = await captureEvents(scheduler);
  const stores = () => stored.backend.client.smembers(`${stored.prefix}:stores`);
  await scheduler.start();
  await scheduler.addJobStore('other');
  expect(await events.first('jobstore_added')).toMatchObject({ jobStore: 'other', seq: 1 });
  expect((await stores()).sort()).toEqual(['default', 'other']);
  await scheduler.addJob({ id: 'a', task: 'ping', jobStore: 'other', nextRunTime: null });
  expect(await events.first('job_added')).toMatchObject({ jobStore: 'other', jobId: 'a' });
  expect(await scheduler.getJob('a')).toBeUndefined();
  expect(await scheduler.getJob('a', { jobStore: 'other' })).toMatchObject({ jobStore: 'other' });

  await scheduler.removeJobStore('other');
  expect(await events.first('jobstore_removed')).toMatchObject({ jobStore: 'other' });
  expect(await stores()).toEqual(['default']);
  await expect(scheduler.getJob('a', { jobStore: 'other' })).rejects.toThrow(/is not configured here/);

  // Its jobs stay where they are.
  await scheduler.addJobStore('other');
  expect(await scheduler.getJob('a', { jobStore: 'other' })).toMatchObject({ id: 'a', paused: true });
  await events.count('jobstore_added', 2);
});
