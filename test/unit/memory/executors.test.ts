import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, InvalidOptionsError, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, onTestFinished, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';

function world() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  /** The calls: task, worker, and ms since the start. */
  const called: string[] = [];
  const signals: AbortSignal[] = [];
  const worker = (name: string, options: object = {}) => {
    const begin = (task: string) => {
      signals.push(currentRun().signal);
      called.push(`${task} ${name} ${clock.now() - Date.UTC(2026, 0)}`);
    };
    const tasks = {
      note: () => begin('note'),
      slow: (ms: number) => {
        begin('slow');
        return new Promise<void>((resolve) => void clock.after(ms, resolve));
      },
      obey: async () => {
        const { signal } = currentRun();
        begin('obey');
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        throw signal.reason;
      },
    };
    return new Worker({ backend: cluster.connect(), logger, tasks, ...options });
  };
  const scheduler = new Scheduler({ backend: cluster.connect(), logger, jobStores: ['default', 'other'] });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger, jobStores: ['default', 'other'] });
  const events: CarillonEvent[] = [];
  const of = (type: CarillonEvent['type']) => events.filter((event) => event.type === type);
  const start = async (...workers: Worker<never>[]) => {
    await scheduler.addListener((event) => events.push(event));
    await Promise.all([coordinator, ...workers].map((one) => one.start()));
    await clock.advance(0);
  };
  return { clock, cluster, called, signals, scheduler, coordinator, worker, events, of, start };
}

test('an executor that is added to a running worker is served in each of its job stores, and events say so', async () => {
  const { clock, called, scheduler, worker, of, start } = world();
  const w = worker('w', { jobStores: ['default', 'other'] });
  await start(w);
  await scheduler.enqueue('note', [], { executor: 'mail' });
  await clock.advance('1s');
  expect(called).toEqual([]);

  const added = w.addExecutor('mail', { concurrency: 3 });
  await clock.advance('1s');
  await added;
  expect(called).toEqual(['note w 1000']);
  await scheduler.enqueue('note', [], { executor: 'mail', jobStore: 'other' });
  await clock.advance('1s');
  expect(called).toHaveLength(2);
  const reported = { workerId: w.id, alias: 'mail', kind: 'async', concurrency: 3 };
  expect(of('executor_added')).toMatchObject([
    { jobStore: 'default', ...reported },
    { jobStore: 'other', ...reported },
  ]);
  const served = [
    { alias: 'default', kind: 'async', concurrency: 10 },
    { alias: 'mail', kind: 'async', concurrency: 3 },
  ];
  for (const jobStore of ['default', 'other']) {
    expect((await scheduler.inspect({ jobStore })).workers).toMatchObject([{ workerId: w.id, executors: served }]);
  }
  expect(w.health().executors).toEqual({
    default: { kind: 'async', concurrency: 10 },
    mail: { kind: 'async', concurrency: 3 },
  });
});

test('one that is removed is not served any more, the others are; it can be added again', async () => {
  const { clock, called, scheduler, worker, of, start } = world();
  const w = worker('w', { executors: { default: {}, mail: { concurrency: 1 } } });
  await start(w);
  const removed = w.removeExecutor('mail');
  await clock.advance(0);
  await removed;
  expect(of('executor_removed')).toMatchObject([{ workerId: w.id, alias: 'mail', kind: 'async', concurrency: 1 }]);
  expect((await scheduler.inspect()).workers[0]?.executors.map(({ alias }) => alias)).toEqual(['default']);
  expect(Object.keys(w.health().executors)).toEqual(['default']);
  await scheduler.enqueue('note', [], { executor: 'mail' });
  await scheduler.enqueue('note');
  await clock.advance('1s');
  expect(called).toHaveLength(1);
  void w.addExecutor('mail');
  await clock.advance('1s');
  expect(called).toHaveLength(2);
});

test('what runs when its executor is removed may finish, others take what comes', async () => {
  const { clock, called, scheduler, worker, of, start } = world();
  const executors = { default: {}, mail: {} };
  const leaving = worker('leaving', { executors });
  await start(leaving);
  await scheduler.enqueue('slow', [3_000], { executor: 'mail' });
  await clock.advance(100);
  const staying = worker('staying', { executors });
  await staying.start();
  let isGone = false;
  void leaving.removeExecutor('mail').then(() => {
    isGone = true;
  });
  await scheduler.enqueue('note', [], { executor: 'mail' });
  await scheduler.enqueue('slow', [5_000]);
  await clock.advance('2500ms');
  expect([isGone, leaving.health().running + staying.health().running]).toEqual([false, 2]);
  await clock.advance('500ms');
  expect(isGone).toBe(true);
  expect(called.filter((call) => !call.includes('slow leaving'))[0]).toMatch(/^note staying/);
  await clock.advance('5s');
  expect(of('job_executed')).toHaveLength(3);
  expect(of('job_started')).toHaveLength(3);
});

test('what does not finish in time is asked to stop, and runs again elsewhere, with the same execution id', async () => {
  const { clock, called, signals, scheduler, worker, of, start } = world();
  const executors = { default: {}, mail: {} };
  const leaving = worker('leaving', { executors });
  await start(leaving);
  await scheduler.enqueue('obey', [], { executor: 'mail' });
  await scheduler.enqueue('slow', [10_000], { executor: 'mail' });
  await scheduler.enqueue('slow', [20_000]);
  await clock.advance(100);
  const staying = worker('staying', { executors });
  await staying.start();
  const removed = leaving.removeExecutor('mail', { timeout: '2s' });
  await clock.advance('1900ms');
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false]);
  await clock.advance('200ms');
  // The run of the other executor goes on.
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
  await clock.advance('2s');
  await removed;
  expect(
    called
      .slice(3)
      .map((call) => call.split(' ').slice(0, 2).join(' '))
      .sort(),
  ).toEqual(['obey staying', 'slow staying']);
  // Neither run ends in an error for that.
  expect(of('job_error')).toEqual([]);
  expect(of('job_started')).toHaveLength(5);
  await clock.advance('1m');
  expect(of('job_executed')).toHaveLength(2);
});

test('before the start it is only noted, and the worker joins with it', async () => {
  const { clock, called, scheduler, worker, of, start } = world();
  const w = worker('w', { executors: { default: {}, gone: {} } });
  await w.addExecutor('mail', { concurrency: 2 });
  await w.removeExecutor('gone');
  await start(w);
  expect(of('worker_joined')).toMatchObject([{ executors: [{ alias: 'default' }, { alias: 'mail', concurrency: 2 }] }]);
  await scheduler.enqueue('note', [], { executor: 'mail' });
  await clock.advance('1s');
  expect(called).toHaveLength(1);
  expect([...of('executor_added'), ...of('executor_removed')]).toEqual([]);
});

test('a job store that is added later has what is served at that time', async () => {
  const { clock, called, scheduler, worker, start } = world();
  const w = worker('w', { executors: { default: {}, gone: {} } });
  await start(w);
  void w.addExecutor('mail');
  void w.removeExecutor('gone');
  await clock.advance(0);
  void w.addJobStore('other');
  await clock.advance(0);
  for (const executor of ['mail', 'gone']) await scheduler.enqueue('note', [], { executor, jobStore: 'other' });
  await clock.advance('1s');
  expect(called).toHaveLength(1);
  expect((await scheduler.inspect({ jobStore: 'other' })).workers[0]?.executors.map(({ alias }) => alias)).toEqual([
    'default',
    'mail',
  ]);
});

test('shutting down does not wait longer than it says for an executor that is being removed', async () => {
  const { clock, scheduler, worker, start } = world();
  const w = worker('w', { shutdownTimeout: '1h' });
  await start(w);
  await scheduler.enqueue('slow', [3_600_000]);
  await clock.advance(100);
  const ended: string[] = [];
  void w.removeExecutor('default').then(() => ended.push('removed'));
  await clock.advance('1m');
  void w.shutdown({ timeout: '1s' }).then(() => ended.push('shut down'));
  await clock.advance('900ms');
  expect(ended).toEqual([]);
  await clock.advance('1700ms');
  expect(ended.sort()).toEqual(['removed', 'shut down']);
  await expect(w.addExecutor('mail')).rejects.toThrow('was shut down');
  await expect(w.removeExecutor('default')).rejects.toThrow('was shut down');
});

test('bad input is refused', async () => {
  const { clock, scheduler, worker, start } = world();
  const w = worker('w');
  await start(w);
  for (const [call, message] of [
    [() => w.addExecutor('default'), /executor "default" is here already: remove it first/],
    [() => w.addExecutor('a:b'), /executors: \["a:b"\] are not aliases/],
    [() => w.addExecutor('x', { concurrency: 0 }), /executor "x": concurrency 0 is not a whole number/],
    [() => w.addExecutor('x', { kind: 'thread' }), /executor "x".*give the worker a taskFile/],
    [() => w.addExecutor('x', { kind: 'fiber' as never }), /"fiber" is not a kind/],
    [() => w.addExecutor('x', { globalConcurrency: 0 }), /globalConcurrency 0 is not a whole number/],
    [() => w.addExecutor('x', { rateLimit: { max: 1.5, duration: '1s' } }), /rateLimit: max 1\.5 is not a whole/],
    [() => w.addExecutor('x', { rateLimit: { max: 1, duration: '0s' } }), /duration 0s is too short/],
    [() => w.addExecutor('x', { rateLimit: { max: 1, duration: 'soon' as never } }), /"soon" is not a duration/],
    [() => w.addExecutor('x', { rateLimit: 5 as never }), /rateLimit/],
    [() => w.addExecutor('x', { colour: 'red' } as never), /executor "x": unknown option colour/],
    [() => w.removeExecutor('x'), /executor "x" is not here: there are default/],
    [() => w.removeExecutor('default', { timeout: 'soon' as never }), /timeout: "soon" is not a duration/],
  ] as const) {
    const failure = await call().then(
      () => 'nothing',
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(InvalidOptionsError);
    expect((failure as Error).message).toMatch(message);
  }
  expect(Object.keys(w.health().executors)).toEqual(['default']);
  // An executor that is being removed can be neither removed nor added until that is done.
  await scheduler.enqueue('slow', [1_000]);
  await clock.advance(100);
  const removed = w.removeExecutor('default');
  await clock.advance(100);
  await expect(w.addExecutor('default')).rejects.toThrow(/is being removed: wait/);
  await expect(w.removeExecutor('default')).rejects.toThrow(/is not here: there are none/);
  await clock.advance('1s');
  await removed;
});

test('one can be removed, and added again, while a job store does not answer', async () => {
  const { clock, cluster, called, scheduler, worker, of, start } = world();
  const w = worker('w', { executors: { default: {}, mail: {} } });
  await start(w);
  let isDown = false;
  const carry = <T>(_: string, effect: () => T) => (isDown ? new Promise<T>(() => {}) : Promise.resolve(effect()));
  void w.addJobStore('other', { backend: cluster.connect({ carry }) });
  await clock.advance('1s');
  isDown = true;
  let isRemoved = false;
  void w.removeExecutor('mail').then(() => {
    isRemoved = true;
  });
  await clock.advance('20s');
  expect(isRemoved).toBe(true);
  expect(of('executor_removed')).toMatchObject([{ jobStore: 'default' }]);
  void w.addExecutor('mail');
  await scheduler.enqueue('note', [], { executor: 'mail' });
  await clock.advance('1s');
  expect(called).toHaveLength(1);
});

test('what is said of an executor is shown at that time, also where a heartbeat is under way', async () => {
  const { clock, cluster, scheduler, worker, events, start } = world();
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const carry = async <T>(call: string, effect: () => T) => {
    if (call === 'heartbeat') await pause(200);
    return effect();
  };
  const w = worker('w', { backend: cluster.connect({ carry }), lease: '3s' });
  await start(w);
  await clock.advance('1s');
  void w.addExecutor('mail');
  await clock.advance('300ms');
  expect(events.map(({ type }) => type)).not.toContain('executor_added');
  await clock.advance('100ms');
  expect(events.map(({ type }) => type)).toContain('executor_added');
  const { workers } = await scheduler.inspect();
  expect(workers[0]?.executors.map(({ alias }) => alias)).toEqual(['default', 'mail']);
});

test('many executors cause no warning', async () => {
  const { worker, start } = world();
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  process.on('warning', hear);
  onTestFinished(() => void process.off('warning', hear));
  await start(worker('w', { executors: Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`x${at}`, {}])) }));
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});
