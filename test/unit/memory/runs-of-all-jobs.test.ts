import { Coordinator } from '@carillon/coordinator';
import { interval, type RunsFilter, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { expect, it, onTestFinished } from 'vitest';
import { silent as logger } from '../../support/in-process.js';

async function setUp() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  let count = 0;
  const tasks = {
    odd: () => {
      count += 1;
      if (count % 2 === 0) throw new Error(`the ${count}th`);
    },
    long: () => new Promise<void>((resolve) => void clock.after(3_600_000, resolve)),
  };
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const members = [
    new Coordinator({ backend: cluster.connect(), logger }),
    new Worker({ backend: cluster.connect(), logger, tasks }),
  ];
  onTestFinished(async () => {
    const down = Promise.all([scheduler, ...members].map((member) => member.shutdown()));
    await clock.advance('2h');
    await down;
  });
  await Promise.all(members.map((member) => member.start()));
  await clock.advance(0);
  return { clock, scheduler };
}

it('runs of all jobs are listed by state, task and time, those that are owed first', async () => {
  const { clock, scheduler } = await setUp();
  await scheduler.addJob({ id: 'a', task: 'odd', trigger: interval('1s'), maxRuns: 4 });
  await scheduler.addJob({ id: 'b', task: 'odd', trigger: interval('10s'), maxRuns: 1 });
  const long = await scheduler.enqueue('long');
  await clock.advance('1m');
  const of = async (filter?: RunsFilter) =>
    (await scheduler.getRuns(filter)).runs.map(({ jobId, state, scheduledRunTimes: [at] }) =>
      [jobId, state, (at?.getTime() ?? 0) / 1_000 - Date.UTC(2026, 0) / 1_000].join(' '),
    );
  const ended = ['b executed 10', 'a error 4', 'a executed 3', 'a error 2', 'a executed 1'];
  expect(await of()).toEqual([' running 0', ...ended]);
  expect(await of({ state: 'error' })).toEqual(['a error 4', 'a error 2']);
  expect(await of({ state: ['error', 'executed'], from: new Date('2026-01-01T00:00:04Z') })).toEqual(ended.slice(0, 2));
  expect(await of({ jobId: 'b' })).toEqual(ended.slice(0, 1));
  expect((await scheduler.getRuns({ task: 'long' })).runs).toMatchObject([{ runId: long.runId, state: 'running' }]);
  expect((await scheduler.getRuns({ state: 'error' })).runs[0]).toMatchObject({
    executions: [{ outcome: 'error', error: { name: 'Error', message: 'the 4th' } }],
  });
});

it('a filter is checked', async () => {
  const { scheduler } = await setUp();
  const wrong: readonly (readonly [object, string, RegExp])[] = [
    [{ state: 'failed' }, 'INVALID_OPTIONS', /state "failed" is none: there are waiting, .*max_instances/],
    [{ state: [] }, 'INVALID_OPTIONS', /state \[\] is none/],
    [{ from: 'yesterday' }, 'INVALID_OPTIONS', /from "yesterday" is not a valid Date/],
    [{ to: new Date(Number.NaN) }, 'INVALID_OPTIONS', /to .* is not a valid Date/],
    [{ job: 'a' }, 'INVALID_OPTIONS', /unknown option job/],
    [{ jobId: '' }, 'INVALID_JOB', /id/],
    [{ limit: 0 }, 'INVALID_JOB', /limit/],
    [{ cursor: 'x' }, 'INVALID_JOB', /cursor: "x" is not one that getRuns gave/],
  ];
  for (const [filter, code, message] of wrong) {
    const asked = scheduler.getRuns(filter as RunsFilter);
    await expect(asked, JSON.stringify(filter)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  }
});
