import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, Scheduler, UnknownTaskError } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, test } from 'vitest';
import { someOf } from '../../support/sweep.js';

const logger = defaultLogger();
logger.level = 'silent';

async function world() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const events: CarillonEvent[] = [];
  const count = (type: CarillonEvent['type']) => events.filter((event) => event.type === type).length;
  await scheduler.addListener((event) => events.push(event));
  const worker = async (tasks: object, options: object = {}) => {
    const started = new Worker({
      backend: cluster.connect(),
      logger,
      tasks: tasks as Record<string, () => void>,
      ...options,
    });
    await started.start();
    return started;
  };
  await coordinator.start();
  await clock.advance(0);
  return { clock, cluster, scheduler, events, count, worker };
}

const other = () => {};

test('in a rolling deployment, every run goes to the workers that have its task, and none is an error', async () => {
  const { clock, scheduler, count, worker, events } = await world();
  const attempts: number[] = [];
  await worker({ other });
  await worker(
    { other, fresh: () => void attempts.push(currentRun().attempt) },
    { executors: { default: { concurrency: 2 } } },
  );
  for (let number = 0; number < 40; number++) await scheduler.enqueue('fresh', [], { retry: { attempts: 2 } });
  await clock.advance('20s');
  expect({ executed: count('job_executed'), errors: count('job_error'), retrying: count('job_retrying') }).toEqual({
    executed: 40,
    errors: 0,
    retrying: 0,
  });
  expect(attempts).toHaveLength(40);
  // There is no hot loop.
  expect(events.filter(({ type }) => type === 'job_started').length).toBeLessThan(40 * 12);
});

test('a task that no living worker has is an error only after the stated time, counted from the start where no worker looked', async () => {
  const { clock, scheduler, count, worker } = await world();
  await worker({ other });
  for (let round = 1; round <= 2; round++) {
    await scheduler.enqueue('typo');
    await clock.advance('29s');
    expect(count('job_error')).toBe(round - 1);
    await clock.advance('10s');
    expect(count('job_error')).toBe(round);
    await clock.advance('1m');
  }
});

test('that time does not depend on how many workers lack the task, nor on how busy they are', async () => {
  const cases = [
    [1, 0],
    [40, 0],
    [1, 90_000],
    [7, 20_000],
  ] as const;
  for (const [workers, busyMs] of someOf(cases, 1)) {
    const { clock, scheduler, count, worker } = await world();
    const busy = () => new Promise<void>((resolve) => void clock.after(busyMs, resolve));
    const executors = { default: { concurrency: 1 } };
    for (let number = 0; number < workers; number++) await worker({ busy }, { executors });
    if (busyMs > 0) for (let number = 0; number < 6 * workers; number++) await scheduler.enqueue('busy');
    await scheduler.enqueue('typo');
    await clock.advance('29s');
    const before = count('job_error');
    // The run is looked at every 5 s if a slot is free for it: here, after six rounds of the other runs.
    await clock.advance(7_000 + 7 * busyMs);
    expect({ workers, busyMs, before, errors: count('job_error') }).toEqual({ workers, busyMs, before: 0, errors: 1 });
  }
});

test('a worker that has the task for a moment makes the time begin again, seen or not', async () => {
  for (const workers of someOf([1, 20], 1)) {
    const { clock, scheduler, count, worker } = await world();
    for (let number = 0; number < workers; number++) await worker({ other });
    await scheduler.enqueue('late', [], { delay: '1s' });
    await clock.advance('20s');
    // It takes no run, because it leaves before a run is delivered again.
    const brief = await worker({ other, late: () => {} }, { executors: { default: { concurrency: 1 }, more: {} } });
    await brief.shutdown();
    const taken = count('job_executed');
    await clock.advance('28s');
    expect([taken, count('job_executed'), count('job_error')]).toEqual([taken, taken, 0]);
    await clock.advance('10s');
    expect(count('job_executed') + count('job_error')).toBe(1);
  }
});

test('a worker that comes within that time takes the runs that waited, however old they are', async () => {
  const { clock, scheduler, count, worker } = await world();
  await scheduler.enqueue('late');
  await clock.advance('1h');
  await worker({ other });
  await clock.advance('20s');
  await worker({ other, late: () => {} });
  await clock.advance('20s');
  expect([count('job_executed'), count('job_error')]).toEqual([1, 0]);
});

test('what is put off can be cancelled, and a busy worker that has the task is waited for', async () => {
  const { clock, scheduler, count, worker } = await world();
  await worker({ other });
  const slow = () => new Promise<void>((resolve) => void clock.after(120_000, resolve));
  await worker({ slow }, { executors: { default: { concurrency: 1 } } });
  await scheduler.enqueue('slow');
  const second = await scheduler.enqueue('slow');
  await clock.advance('100s');
  expect([count('job_executed'), count('job_error')]).toEqual([0, 0]);
  await scheduler.enqueue('slow');
  await second.cancel();
  await clock.advance('300s');
  expect([count('job_executed'), count('job_error'), count('job_cancelled')]).toEqual([2, 0, 1]);
});

test('a run that is cancelled while its worker gives it back is settled at once, whichever call is slow, or fails', async () => {
  const cases = ['inspect', 'noteTask', 'handBack'].flatMap((call) => [
    { call, what: 'asked slow' },
    { call, what: 'answered slow' },
    { call, what: 'failed' },
  ]);
  for (const { call, what } of someOf(cases, 2)) {
    const { clock, cluster, scheduler, count, events, worker } = await world();
    const wait = () => new Promise<void>((resolve) => void clock.after(1_000, resolve));
    let isFirst = true;
    const carry = async <T>(name: string, effect: () => T): Promise<T> => {
      if (name !== call || !isFirst) return effect();
      isFirst = false;
      if (what === 'answered slow') {
        const answer = effect();
        await wait();
        return answer;
      }
      await wait();
      if (what === 'failed') throw new Error('the connection was lost');
      return effect();
    };
    await worker({ other }, { backend: cluster.connect({ carry }), lease: '20s' });
    const run = await scheduler.enqueue('typo');
    await clock.advance(500);
    expect({ call, what, isFirst }).toEqual({ call, what, isFirst: false });
    await run.cancel();
    await clock.advance(10);
    const starts = events.filter(({ type }) => type === 'job_started').length;
    expect({ call, what, starts, cancelled: count('job_cancelled') }).toEqual({ call, what, starts: 1, cancelled: 1 });
    await clock.advance('1m');
    expect([count('job_error'), count('job_retrying'), count('job_cancelled')]).toEqual([0, 0, 1]);
  }
});

test('a worker of another executor, and one that was lost, do not count', async () => {
  const { clock, cluster, scheduler, count, worker } = await world();
  await worker({ other });
  await worker({ task: other }, { executors: { elsewhere: {} } });
  const backend = cluster.connect();
  const lost = await worker({ task: other }, { backend });
  backend.kill();
  await scheduler.enqueue('task');
  await clock.advance('25s');
  expect(count('job_error')).toBe(0);
  await clock.advance('60s');
  expect([lost.health().status, count('job_executed'), count('job_error')]).toEqual(['running', 0, 1]);
});

test('with requireTask, what no living worker of the executor has is refused, and nothing is written', async () => {
  const { scheduler, worker } = await world();
  const one = await worker({ other });
  await worker({ other, there: other }, { executors: { elsewhere: {} } });
  const calls: (() => Promise<unknown>)[] = [
    () => scheduler.addJob({ id: 'a', task: 'there', requireTask: true }),
    () =>
      scheduler.addJobs([
        { id: 'b', task: 'other', requireTask: true },
        { id: 'a', task: 'there', requireTask: true },
      ]),
    () => scheduler.enqueue('there', [], { requireTask: true }),
    () => scheduler.enqueue('other', [], { requireTask: true, executor: 'nowhere' }),
  ];
  for (const call of calls) {
    await expect(call).rejects.toBeInstanceOf(UnknownTaskError);
    await expect(call).rejects.toMatchObject({ code: 'UNKNOWN_TASK' });
  }
  await expect(calls[0]).rejects.toThrow(
    `no living worker of executor "default" has task "there": worker "${one.id}" lacks it`,
  );
  await expect(calls[3]).rejects.toThrow('no living worker serves executor "nowhere"');
  expect((await scheduler.getJobs()).jobs).toEqual([]);
  await scheduler.addJob({ id: 'a', task: 'there', executor: 'elsewhere', requireTask: true, nextRunTime: null });
  await scheduler.addJob({ id: 'b', task: 'anything', nextRunTime: null });
  await scheduler.enqueue('other', [], { requireTask: true });
});
