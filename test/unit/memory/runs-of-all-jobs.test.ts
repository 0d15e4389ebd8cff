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
    new Worker({ backend: cluster.connect(), logger, tasks, executors: { default: {}, reports: {} } }),
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

it('runs of all jobs are listed by executor and outcome, live ones and ended ones', async () => {
  const { clock, scheduler } = await setUp();
  const executor = 'reports';
  await scheduler.addJob({ id: 'a', task: 'odd', trigger: interval('1s'), maxRuns: 2, executor });
  await scheduler.addJob({ id: 'b', task: 'odd', trigger: interval('10s'), maxRuns: 2 });
  await scheduler.addJob({ id: 'busy', task: 'long', trigger: interval('30s'), executor });
  await scheduler.enqueue('long', [], { executor });
  const late = await scheduler.enqueue('odd', [], { executor, delay: '1h' });
  await clock.advance('61s');
  await scheduler.cancelRun(late.runId);
  const of = async (filter: RunsFilter) =>
    (await scheduler.getRuns(filter)).runs.map((run) => `${run.jobId ?? '-'} ${run.state} ${run.executor}`);
  const inReports = ['- cancelled reports', 'busy max_instances reports', 'a error reports', 'a executed reports'];
  const running = ['- running reports', 'busy running reports'];
  const inDefault = ['b error default', 'b executed default'];
  const all = await of({ executor });
  expect([all.slice(0, 2).sort(), all.slice(2)]).toEqual([running, inReports]);
  expect(await of({ executor: 'default' })).toEqual(inDefault);
  expect(await of({ executor: 'none' })).toEqual([]);
  expect(await of({ outcome: 'error' })).toEqual([inDefault[0], inReports[2]]);
  for (const executor of ['reports', 'default']) {
    for (const outcome of ['executed', 'error', 'missed', 'cancelled', 'max_instances'] as const) {
      const reported = [...inReports, ...inDefault].filter((one) => one.endsWith(executor) && one.includes(outcome));
      expect(await of({ executor, outcome }), `${executor} ${outcome}`).toEqual(reported);
    }
  }
  expect(await of({ outcome: ['cancelled', 'max_instances'] })).toEqual(inReports.slice(0, 2));
  expect((await of({ executor, state: 'running' })).sort()).toEqual(running);
});

it('a filter is checked', async () => {
  const { scheduler } = await setUp();
  const wrong: readonly (readonly [object, string, RegExp])[] = [
    [{ state: 'failed' }, 'INVALID_OPTIONS', /state "failed" is not known: there are waiting, .*max_instances/],
    [{ state: [] }, 'INVALID_OPTIONS', /state \[\] is not known/],
    [{ outcome: 'running' }, 'INVALID_OPTIONS', /outcome "running" is not known: there are executed, .*max_instances/],
    [{ outcome: [] }, 'INVALID_OPTIONS', /outcome \[\] is not known/],
    [{ outcome: 'error', state: 'error' }, 'INVALID_OPTIONS', /give state or outcome, not both/],
    [{ executor: 7 }, 'INVALID_OPTIONS', /executor 7 is not the name of one/],
    [{ task: '' }, 'INVALID_OPTIONS', /task "" is not the name of one/],
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
