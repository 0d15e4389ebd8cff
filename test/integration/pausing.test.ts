import { interval, MaxInstancesError } from '@carillon/core';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { failure, nothingOwed, together } from '../support/in-process.js';

/** All fire times are a multiple of this, ms. */
const STEP = 200;

const epoch = new Date('2026-01-01T00:00Z');
const every = interval({ milliseconds: STEP, startAt: epoch });
const passed = (steps: number) => new Promise((resolve) => setTimeout(resolve, steps * STEP));

test('fire times while a job store is paused are owed at resume', async () => {
  const { carillon, events, stored } = await together({ ping: () => 'pong' });
  const job = { task: 'ping', trigger: every, maxInstances: 5 } as const;
  await carillon.addJobs([
    { ...job, id: 'all', coalesce: false },
    { ...job, id: 'newest' },
    { ...job, id: 'grace', misfireGraceTime: 0 },
  ]);
  await events.count('job_executed', 3);
  await carillon.pause();
  await carillon.pause();
  await eventually(async () => expect((await stored.sizes()).runs).toBe(0));
  await events.upToDate();
  const before = events.of('job_submitted').length;
  await passed(6);
  await events.upToDate();
  expect(events.of('job_submitted')).toHaveLength(before);
  await carillon.resume();
  await carillon.resume();
  await events.first('scheduler_resumed');
  const after = events.all.findIndex(({ type }) => type === 'scheduler_resumed');
  await events.count('job_submitted', before + 6);
  await carillon.removeAllJobs();
  await nothingOwed(stored);

  await events.upToDate();
  for (const id of ['all', 'newest', 'grace']) {
    const ended = events.all.flatMap((event): number[] => {
      if (!('jobId' in event) || event.jobId !== id) return [];
      if (event.type === 'job_submitted' || event.type === 'job_max_instances') {
        const { coalesced } = event;
        const older = coalesced ? steps(coalesced.first, coalesced.last) : [];
        return [...older, ...event.scheduledRunTimes.map(Number)];
      }
      return event.type === 'job_missed' && !event.runId ? steps(event.first, event.last) : [];
    });
    expect(ended.length).toBeGreaterThan(8);
    expect(ended.slice(1).map((time, index) => time - (ended[index] ?? 0))).toEqual(ended.slice(1).map(() => STEP));
  }
  const first = events.all
    .slice(after)
    .filter((event) => event.type === 'job_submitted' || event.type === 'job_missed');
  const of = (id: string) => first.find((event) => event.jobId === id);
  expect(of('all')).toMatchObject({ type: 'job_submitted', coalesced: null });
  expect(of('newest')).toMatchObject({ type: 'job_submitted', coalesced: { first: expect.any(Date) } });
  expect([events.of('scheduler_paused'), events.of('scheduler_resumed')].map(({ length }) => length)).toEqual([1, 1]);
});

function steps(first: Date, last: Date): number[] {
  return Array.from({ length: (Number(last) - Number(first)) / STEP + 1 }, (_, index) => Number(first) + index * STEP);
}

test('fire times while a job is paused do not exist', async () => {
  const { carillon, events } = await together({ ping: () => 'pong' });
  const job = await carillon.addJob({ id: 'job', task: 'ping', trigger: every, coalesce: false });
  await events.count('job_executed', 2);
  expect(await job.pause()).toMatchObject({ paused: true, nextRunTime: null });
  expect(await job.pause()).toMatchObject({ paused: true });
  const { at } = await events.first('job_paused');
  await passed(5);
  const resumed = await carillon.resumeJob('job');
  await carillon.resumeJob('job');
  const again = await events.first('job_resumed');
  expect(again.nextRunTime).toEqual(resumed.nextRunTime);
  const next = await events.first(
    'job_submitted',
    ({ scheduledRunTimes: [time] }) => Number(time) >= Number(again.at) - STEP,
  );
  expect(next).toMatchObject({ scheduledRunTimes: [resumed.nextRunTime], coalesced: null });
  await events.upToDate();
  const between = events
    .of('job_submitted')
    .flatMap(({ scheduledRunTimes }) => scheduledRunTimes)
    .filter((time) => time > at && Number(time) < Number(resumed.nextRunTime));
  expect(between).toEqual([]);
  expect([events.of('job_paused'), events.of('job_resumed')].map(({ length }) => length)).toEqual([1, 1]);
});

test('enqueue and runJob work while the job store and the job are paused', async () => {
  const { carillon, events } = await together({ echo: (text: string) => text });
  await carillon.addJob({ id: 'job', task: 'echo', args: ['job'], nextRunTime: null, trigger: interval('1h') });
  await carillon.pause();
  const enqueued = await carillon.enqueue('echo', ['enqueued']);
  const ran = await carillon.runJob('job');
  expect(enqueued).toEqual({ runId: expect.any(String), jobId: null, jobStore: 'default', isDuplicate: false });
  expect(ran).toMatchObject({ jobId: 'job' });
  expect(await events.first('job_executed', ({ runId }) => runId === enqueued.runId)).toMatchObject({
    value: 'enqueued',
  });
  expect(await events.first('job_executed', ({ runId }) => runId === ran.runId)).toMatchObject({ value: 'job' });
  expect(await carillon.getJob('job')).toMatchObject({ paused: true, lastRun: { outcome: 'executed', executed: 1 } });
});

test('runJob obeys maxInstances', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { carillon, events, stored } = await together({ wait: () => gate });
  await carillon.addJob({ id: 'job', task: 'wait', maxInstances: 2, trigger: interval('1h') });
  const calls = await Promise.allSettled(Array.from({ length: 6 }, () => carillon.runJob('job')));
  expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  for (const call of calls) if (call.status === 'rejected') expect(call.reason).toBeInstanceOf(MaxInstancesError);
  await events.count('job_max_instances', 4);
  await events.count('job_started', 2);
  expect((await failure(() => carillon.runJob('job'))).message).toMatch(
    /"job" has as many live runs as its maxInstances/,
  );
  open();
  await events.count('job_executed', 2);
  await nothingOwed(stored);
  await carillon.runJob('job');
  await events.count('job_executed', 3);
});
