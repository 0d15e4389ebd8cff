import { Coordinator } from '@carillon/coordinator';
import { InvalidOptionsError, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { expect, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';

async function world() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const connected = () => ({ backend: cluster.connect(), logger });
  const scheduler = new Scheduler(connected());
  const [a, b] = ['a', 'b'].map(() => new Worker({ ...connected(), tasks: { idle: () => {} } })) as [
    Worker<never>,
    Worker<never>,
  ];
  await Promise.all([new Coordinator(connected()), a, b].map((one) => one.start()));
  await clock.advance(0);
  /** Waits for a call while virtual time passes. */
  const done = async (call: Promise<void>) => {
    await clock.advance('1s');
    await call;
  };
  const having = async (task: string) =>
    (await scheduler.inspect()).workers.filter(({ tasks }) => tasks.includes(task)).map(({ workerId }) => workerId);
  return { clock, scheduler, a, b, done, having };
}

test('a task that is added to a running worker is run there, and the job store knows which worker has it', async () => {
  const { clock, scheduler, a, done, having } = await world();
  const called: string[] = [];
  const run = await scheduler.enqueue('late', ['x']);
  await clock.advance('1s');
  expect(called).toEqual([]);
  await done(a.addTask('late', (name: string) => void called.push(name)));
  expect(await having('late')).toEqual([a.id]);
  await clock.advance('10s');
  expect(called).toEqual(['x']);
  expect(await run.result()).toBe(null);
});

test('one that is removed is run where it is still there; where it is nowhere, its runs end as errors', async () => {
  const { clock, scheduler, a, b, done, having } = await world();
  const called: string[] = [];
  await done(a.addTask('both', () => void called.push('a')));
  await done(b.addTask('both', () => void called.push('b')));
  await done(a.removeTask('both'));
  expect(await having('both')).toEqual([b.id]);
  for (let i = 0; i < 5; i++) await scheduler.enqueue('both');
  await clock.advance('10s');
  expect(called).toEqual(['b', 'b', 'b', 'b', 'b']);

  await done(b.removeTask('both'));
  const left = await scheduler.enqueue('both');
  await clock.advance('1m');
  await expect(left.result()).rejects.toMatchObject({ error: { code: 'UNKNOWN_TASK' } });
});

test('a task was there for a while: how long it is absent counts from when it was removed', async () => {
  const { clock, scheduler, a, b, done } = await world();
  const first = await scheduler.enqueue('late');
  await clock.advance('1s');
  for (const one of [a, b]) await done(one.addTask('late', () => {}));
  await clock.advance('10s');
  expect(await first.result()).toBe(null);
  await clock.advance('25s');
  for (const one of [a, b]) await done(one.removeTask('late'));
  const second = await scheduler.enqueue('late');
  await clock.advance('20s');
  expect((await scheduler.getRun(second.runId))?.state).not.toBe('error');
  await clock.advance('20s');
  await expect(second.result()).rejects.toMatchObject({ error: { code: 'UNKNOWN_TASK' } });
});

test('wrong calls are refused, and name what there is', async () => {
  const { a } = await world();
  await expect(a.addTask('idle', () => {})).rejects.toThrow('task "idle" is here already: remove it first');
  await expect(a.addTask('no name', () => {})).rejects.toThrow('tasks: "no name" is not a task name');
  await expect(a.addTask('x', 7 as never)).rejects.toThrow('tasks: "x" is not a function');
  await expect(a.removeTask('x')).rejects.toThrow(InvalidOptionsError);
  await expect(a.removeTask('x')).rejects.toThrow('task "x" is not here: there are idle');
});
