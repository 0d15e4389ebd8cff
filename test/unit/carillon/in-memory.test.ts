import { type CarillonEvent, InvalidOptionsError, interval } from '@carillon/core';
import { Carillon, type CarillonOptions } from 'carillon';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { silent } from '../../support/in-process.js';

const tasks = {
  add: (one: number, other: number) => one + other,
  /** Blocks this process: nothing else in it runs in the meantime. */
  block: (ms: number) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  },
};

async function started(options: Partial<CarillonOptions<typeof tasks>> = {}, isStarted = true) {
  const carillon = new Carillon({ tasks, logger: silent, ...options });
  onTestFinished(() => carillon.shutdown());
  const events: CarillonEvent[] = [];
  const heard = carillon.addListener((event) => void events.push(event));
  if (isStarted) await Promise.all([heard, carillon.start()]);
  // If Redis cannot be reached, the listener hears the job stores that can.
  else heard.catch(() => {});
  return { carillon, events, typesOf: (runId: string) => typesOf(events, runId) };
}

function typesOf(events: readonly CarillonEvent[], runId: string) {
  return events.flatMap((event) => ('runId' in event && event.runId === runId ? event.type : []));
}

/** Returns a function that waits for the first run that ends from now on. */
async function firstExecuted(carillon: Carillon<typeof tasks>): Promise<() => Promise<CarillonEvent>> {
  const seen: CarillonEvent[] = [];
  await carillon.addListener((event) => void seen.push(event), ['job_executed']);
  return () => eventually(() => seen[0] ?? Promise.reject(new Error('no run has ended')));
}

/** Records log lines by level and message. */
function recorder() {
  const lines: { readonly level: number; readonly msg: string; readonly jobStores?: readonly string[] }[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { logger, lines };
}

test('without redis, jobs fire and runs have results in this process, with the same events', async () => {
  const { carillon, typesOf } = await started();
  const run = await carillon.enqueue('add', [1, 2]);
  expect(await run.result()).toBe(3);
  await eventually(() => expect(typesOf(run.runId)).toEqual(['job_submitted', 'job_started', 'job_executed']));

  const fired = await firstExecuted(carillon);
  await carillon.addJob({ id: 'sum', task: 'add', args: [2, 3], trigger: interval('50ms') });
  expect(await fired()).toMatchObject({ jobId: 'sum', value: 5 });
  expect((await carillon.getJobs()).jobs.map(({ id }) => id)).toEqual(['sum']);
  expect(carillon.health()).toMatchObject({ coordinator: { unserved: [] }, worker: { unserved: [] } });
});

test('at the start, one line says that jobs end with the process, unless memory was asked for', async () => {
  const { logger, lines } = recorder();
  await started({ logger, jobStores: ['default', 'reports'] });
  expect(lines).toMatchObject([{ level: 40, msg: expect.stringMatching(/^no redis was given/) }]);
  expect(lines[0]?.jobStores).toEqual(['default', 'reports']);
  await started({ logger, memory: true });
  expect(lines).toHaveLength(1);
});

test('a place that may be a mistake is refused', () => {
  for (const [options, message] of [
    [{ redis: undefined }, /^redis: undefined is not a place: .* leave redis out$/],
    [{ redis: 'redis://localhost', memory: true }, /^redis, memory: give one of them/],
    [{ memory: false }, /^memory: false is not true/],
    [{ memory: 'yes' }, /^memory: "yes" is not true/],
  ] as const) {
    expect(() => new Carillon({ tasks, ...options } as never)).toThrow(InvalidOptionsError);
    expect(() => new Carillon({ tasks, ...options } as never)).toThrow(message);
  }
});

test('two of them share nothing, and no id', async () => {
  const one = await started();
  const other = await started();
  const [first, second] = await Promise.all([one, other].map(({ carillon }) => carillon.enqueue('add', [1, 1])));
  await Promise.all([first?.result(), second?.result()]);
  expect(first?.runId).not.toBe(second?.runId);
  expect(await other.carillon.getRun(first?.runId ?? '')).toBeUndefined();
});

test('a task that blocks the process for longer than leases last costs no leadership and no run', async () => {
  const { carillon, events } = await started({ lease: '100ms', executors: { default: { concurrency: 2 } } });
  await Promise.all(
    [carillon.enqueue('block', [400]), carillon.enqueue('block', [200])].map(async (run) => (await run).result()),
  );
  // Some leases later, any effect of the block on a lease would show.
  await carillon.addJob({ id: 'later', task: 'add', args: [1, 1], trigger: interval('100ms') });
  const later = () => events.filter((event) => event.type === 'job_executed' && event.jobId === 'later');
  await eventually(() => expect(later().length).toBeGreaterThan(4));
  const types = events.map(({ type }) => type);
  const blocking = events.filter((event) => event.type === 'job_started' && event.jobId === null);
  expect(blocking).toHaveLength(2);
  expect(types).not.toContain('leader_lost');
  expect(types).not.toContain('worker_left');
});

test('instants are those of the clock on the wall: where it is set forward, what is due then fires', async () => {
  const { carillon } = await started();
  const fired = await firstExecuted(carillon);
  const now = Date.now();
  await carillon.addJob({ task: 'add', args: [1, 1], trigger: interval('1h') });
  vi.useFakeTimers({ toFake: ['Date'], now: now + 3_700_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect((await fired()).at.getTime()).toBeGreaterThanOrEqual(now + 3_700_000);
});

test('a job store that is added in memory is served, beside others that are elsewhere, until it is removed', async () => {
  const { carillon, events } = await started({ redis: { host: '127.0.0.1', port: 1 } }, false);
  await carillon.addJobStore('scratch', { memory: true, actor: 'me' });
  const added = await carillon.addJob({
    id: 'x',
    task: 'add',
    args: [1, 1],
    trigger: interval('1h'),
    jobStore: 'scratch',
  });
  expect(added.id).toBe('x');
  expect(events).toMatchObject([
    { type: 'jobstore_added', jobStore: 'scratch', actor: 'me' },
    { type: 'job_added', jobId: 'x' },
  ]);
  await expect(carillon.addJobStore('y', { memory: true, redis: 'redis://localhost' } as never)).rejects.toThrow(
    /^redis, memory: give one of them/,
  );
  await carillon.removeJobStore('scratch');
  await carillon.addJobStore('scratch', { memory: true });
  expect((await carillon.getJobs({ jobStore: 'scratch' })).jobs.map(({ id }) => id)).toEqual(['x']);
});

test('one that is added where all are in memory runs its jobs; while it is removed, they stay', async () => {
  const { carillon } = await started();
  for (const options of [{ memory: true } as const, {}]) {
    await carillon.addJobStore('more', options);
    expect(await (await carillon.enqueue('add', [1, 2], { jobStore: 'more' })).result()).toBe(3);
    await carillon.removeJobStore('more');
  }
});
