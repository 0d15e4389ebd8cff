import { interval } from '@carillon/core';
import type { JobStore } from '@carillon/core/internal';
import { Worker } from '@carillon/worker';
import { testCluster } from 'carillon/testing';
import { expect, it } from 'vitest';
import { Explainer } from '../../../packages/core/src/account/read/explainer.js';
import { silent as logger } from '../../support/in-process.js';

const START = '2026-10-24T12:00:00Z';
const FIRST = new Date('2026-10-24T12:01:00Z');
const each = (seconds: number) => interval({ seconds, startAt: FIRST });

const hangs = async () => new Promise<never>(() => {});
const quick = async () => 'done';

/** Explains the second fire of job `j`. Its runs take 45 s, at most `maxInstances` at once. The store is paused as that fire comes. */
async function secondOf(maxInstances: number): Promise<string> {
  const slow = () => new Promise<void>((resolve) => void clock.after(45_000, resolve));
  await using cluster = await testCluster({ tasks: { slow }, start: START });
  const { clock, scheduler } = cluster;
  const policy = { overlap: 'queue', maxInstances, misfireGraceTime: null } as const;
  await scheduler.addJob({ ...policy, id: 'j', task: 'slow', trigger: each(30) });
  await clock.advance('85s');
  await scheduler.pause();
  await clock.advance('10s');
  await scheduler.resume();
  await clock.advance('2m');
  return (await scheduler.explain('j', '2026-10-24T12:01:30Z')).sentence;
}

it('a run is said to have waited for a place of its job only where all places were held', async () => {
  expect(await secondOf(1)).toContain('for a place of the job');
  const free = await secondOf(5);
  expect(free).not.toContain('for a place of the job');
  expect(free).toContain('had paused the job store');
});

it('a cancellation by a caller without a name is not explained by a newer run, where none took the place', async () => {
  await using cluster = await testCluster({ tasks: { hangs }, start: START });
  const { clock, scheduler } = cluster;
  const policy = { overlap: 'replace', misfireGraceTime: null } as const;
  await scheduler.addJob({ ...policy, id: 'j', task: 'hangs', trigger: each(60) });
  await clock.advance('70s');
  await scheduler.pause();
  await clock.advance('2m');
  await scheduler.cancelRun((await scheduler.explain('j', FIRST)).evidence.run?.runId ?? '');
  await clock.advance('5s');
  const paused = await scheduler.explain('j', FIRST);
  expect(paused.code).toBe('cancelled');
  expect(paused.sentence).not.toContain('such as that of');
  // The newer fire times have a run now, but it did not take the place of the older one when that was cancelled.
  await scheduler.resume();
  await clock.advance('30s');
  expect((await scheduler.explain('j', '2026-10-24T12:03:00Z')).evidence.run?.runId).toBeDefined();
  expect((await scheduler.explain('j', FIRST)).sentence).not.toContain('such as that of');
});

it('a run of several that a newer one replaced names the newer one that took its place', async () => {
  await using cluster = await testCluster({ tasks: { hangs }, start: START });
  const { clock, scheduler } = cluster;
  await scheduler.addJob({ id: 'j', task: 'hangs', trigger: each(60), overlap: 'replace', maxInstances: 2 });
  await clock.advance('4m');
  const { sentence } = await scheduler.explain('j', FIRST);
  expect(sentence).toContain('such as that of 2026-10-24 12:03 UTC.');
});

it('a run that was claimed before its job was paused is not said to have kept what did not change', async () => {
  await using cluster = await testCluster({ tasks: { quick }, start: START });
  const { clock, scheduler } = cluster;
  const policy = { executor: 'mail', misfireGraceTime: null };
  await scheduler.addJob({ ...policy, id: 'j', task: 'quick', trigger: each(600) });
  await clock.advance('65s');
  await scheduler.as({ actor: 'Bob' }).pauseJob('j');
  await clock.advance('5s');
  const worker = new Worker({ backend: cluster.cluster.connect(), logger, tasks: { quick }, executors: { mail: {} } });
  await worker.start();
  await clock.advance('5s');
  const { sentence } = await scheduler.explain('j', FIRST);
  expect(sentence).toContain(
    'Bob paused the job at 2026-10-24 12:01:05 UTC, after the run was claimed and before it began.',
  );
  expect(sentence).not.toContain('the run kept');
  await clock.advanceUntil(worker.shutdown());
});

it('a period of fire times whose runs were lost reads the account and the ledger twice, however many there are', async () => {
  await using cluster = await testCluster({ tasks: { hangs }, start: START });
  const { clock, scheduler } = cluster;
  const policy = { misfireGraceTime: null, maxInstances: 100 };
  await scheduler.addJob({ ...policy, id: 'j', task: 'hangs', trigger: each(1) });
  await clock.advance('120s');
  const { alias, records } = cluster.cluster.connect().jobStore('default');
  const { runIds } = await records.liveRuns({ jobId: 'j', cursor: '0' });
  for (const id of runIds) cluster.cluster.damage('default', 'lost run', id);
  const calls: string[] = [];
  const counting = new Proxy(records, {
    get: (of, name) => {
      const read: unknown = of[name as keyof typeof of];
      if (typeof read !== 'function') return read;
      return (...args: unknown[]) => {
        calls.push(String(name));
        return read.apply(of, args);
      };
    },
  });
  const from = FIRST.getTime();
  const period = () => ({ from, to: from + 40_000 });
  const { explanations } = await new Explainer({ alias, records: counting } as JobStore).between('j', period, 1_000);
  expect(explanations.map(({ code }) => code)).toEqual(Array.from({ length: 41 }, () => 'unaccounted'));
  expect(explanations.map(({ instant }) => instant.getTime())).toEqual(explanations.map((_, at) => from + at * 1_000));
  expect(calls.filter((call) => call === 'account')).toHaveLength(2);
  expect(calls.filter((call) => call === 'liveRuns')).toHaveLength(2);
});
