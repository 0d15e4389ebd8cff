import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, Scheduler } from '@carillon/core';
import { defaultLogger, type PackRules } from '@carillon/core/internal';
import { MemoryCluster, type OnStep, VirtualClock } from '@carillon/core/memory';
import { currentRun, type ExecutorOptions, Worker } from '@carillon/worker';
import { expect, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';
const LEASE_MS = 300;
/** All runs that are due together go out together, however long they take. */
const ALL: PackRules = { workMs: Number.MAX_VALUE, unknownMs: 0, most: 100, perWorker: 0.01, quickMs: 1, few: 1 };

interface Call {
  readonly runId: string;
  readonly workerId: string;
  readonly at: number;
}

/** A cluster whose leader packs all due runs. Its tasks note where and when they are called. */
async function clusterOf({ packRules = ALL as PackRules | null, jobStores = ['default'] } = {}) {
  const clock = new VirtualClock(new Date(0));
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger, jobStores });
  const events: CarillonEvent[] = [];
  await scheduler.addListener((event) => events.push(event));
  const calls: Call[] = [];
  const coordinator = new Coordinator({
    backend: Object.assign(cluster.connect(), packRules && { packRules }),
    logger,
    jobStores,
    lease: LEASE_MS,
  });
  await coordinator.start();
  await clock.advance(0);

  async function worker(executor: ExecutorOptions, onStep?: OnStep) {
    const backend = cluster.connect({ onStep });
    const work = (ms: number) =>
      new Promise<void>((resolve, reject) => {
        const { runId, signal } = currentRun();
        calls.push({ runId, workerId: worker.id, at: clock.now() });
        clock.after(ms, resolve);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    const noop = () => void calls.push({ runId: currentRun().runId, workerId: worker.id, at: clock.now() });
    const worker = new Worker({
      backend,
      logger,
      tasks: { work, noop },
      executors: { default: executor },
      jobStores,
      lease: LEASE_MS,
    });
    await worker.start();
    await clock.advance(0);
    return { worker, backend };
  }

  /** Enqueues runs that are due at one instant. */
  async function enqueue(count: number, ms: number | null, options: { priority?: number; jobStore?: string } = {}) {
    const at = new Date(clock.now() + 1);
    const task = ms === null ? 'noop' : 'work';
    const args = ms === null ? [] : [ms];
    const runs: string[] = [];
    for (let run = 0; run < count; run++) {
      runs.push((await scheduler.enqueue(task, args, { at, ...options })).runId);
    }
    return runs;
  }

  const of = (type: CarillonEvent['type']) =>
    events.flatMap((event) => (event.type === type && 'runId' in event ? [event.runId] : []));
  return { clock, cluster, scheduler, events, calls, worker, enqueue, of };
}

test('runs of one delivery are executed one after the other, each once, with one call to start', async () => {
  const { clock, calls, worker, enqueue, of } = await clusterOf();
  const asked: string[] = [];
  const { worker: one } = await worker({ concurrency: 3 }, ({ call, at }) => {
    if (at === 'request') asked.push(call);
  });
  // The leader has to know how long they take.
  await enqueue(1, null);
  await clock.advance(10);
  asked.length = 0;
  const runs = await enqueue(60, null);
  await clock.advance(10);
  expect(calls.slice(1).map(({ runId }) => runId)).toEqual([...runs].sort());
  expect(of('job_executed').slice(1).sort()).toEqual([...runs].sort());
  const count = (call: string) => asked.filter((one) => one === call).length;
  expect({ take: count('take'), start: count('start'), finish: count('finish'), handBack: count('handBack') }).toEqual({
    ...{ take: 1, start: 1, finish: 1, handBack: 0 },
  });
  expect(one.health().running).toBe(0);
});

test('slow ones begin at once in all slots that are free; a worker that is idle gets the others', async () => {
  const { clock, calls, worker, enqueue, of } = await clusterOf();
  const { worker: first } = await worker({ concurrency: 2 });
  const runs = await enqueue(8, 10_000);
  await clock.advance(50);
  expect(calls).toHaveLength(2);
  const { worker: second } = await worker({ concurrency: 4 });
  await clock.advance(200);
  const on = ({ id }: Worker<never>) => calls.filter(({ workerId }) => workerId === id).length;
  expect([on(first), on(second)]).toEqual([2, 4]);
  // Only runs that begin are published as started.
  expect(of('job_started')).toHaveLength(6);
  await clock.advance('30s');
  expect(of('job_executed').sort()).toEqual([...runs].sort());
  expect(calls).toHaveLength(8);
});

test('a slow one among quick ones holds up none of them', async () => {
  const { clock, calls, worker, enqueue } = await clusterOf();
  await worker({ concurrency: 2 });
  await enqueue(30, null);
  await clock.advance(10);
  calls.length = 0;
  const [slow] = await enqueue(1, 60_000);
  const quick = await enqueue(20, null);
  await clock.advance(20);
  expect(calls.map(({ runId }) => runId).sort()).toEqual([slow, ...quick].sort());
  expect(Math.max(...calls.map(({ at }) => at)) - Math.min(...calls.map(({ at }) => at))).toBeLessThanOrEqual(10);
});

test('what waits behind slow ones is handed back within 100 ms, and no more are at work than there are slots', async () => {
  const { clock, scheduler, calls, worker, enqueue, of } = await clusterOf();
  await worker({ concurrency: 1 });
  const runs = await enqueue(5, 1_000);
  await clock.advance(150);
  expect(calls).toHaveLength(1);
  expect(of('job_started')).toHaveLength(1);
  const states = await Promise.all(runs.map(async (runId) => (await scheduler.getRun(runId))?.state));
  expect(states.toSorted()).toEqual(['queued', 'queued', 'queued', 'queued', 'running']);
  await clock.advance('10s');
  const began = calls.map(({ at }) => at);
  expect(began.slice(1).every((at, index) => at - (began[index] ?? 0) >= 1_000)).toBe(true);
  expect(of('job_executed').sort()).toEqual([...runs].sort());
});

test('a worker that is asked to end hands back what has not begun, and finishes what has', async () => {
  const { clock, calls, worker, enqueue, of } = await clusterOf();
  const { worker: first } = await worker({ concurrency: 1 });
  const runs = await enqueue(4, 500);
  await clock.advance(20);
  expect(calls).toHaveLength(1);
  await Promise.all([first.shutdown({ timeout: '10s' }), clock.advance('1s')]);
  expect(of('job_executed')).toHaveLength(1);
  const { worker: second } = await worker({ concurrency: 4 });
  await clock.advance('5s');
  expect(of('job_executed').sort()).toEqual([...runs].sort());
  expect(calls.filter(({ workerId }) => workerId === second.id)).toHaveLength(3);
});

test('one that is cancelled before it begins is not executed, and the others are', async () => {
  const { clock, scheduler, calls, worker, enqueue, of } = await clusterOf();
  await worker({ concurrency: 1 });
  const runs = await enqueue(4, 30);
  await clock.advance(10);
  expect(calls).toHaveLength(1);
  const other = runs.find((runId) => runId !== calls[0]?.runId) ?? '';
  await scheduler.cancelRun(other);
  await clock.advance('3s');
  expect(of('job_cancelled')).toEqual([other]);
  expect(of('job_executed').sort()).toEqual(runs.filter((runId) => runId !== other).sort());
  expect(calls.map(({ runId }) => runId)).not.toContain(other);
});

test('one that was started and is cancelled before it begins is settled as cancelled', async () => {
  const { clock, scheduler, calls, worker, enqueue, of } = await clusterOf();
  await worker({ concurrency: 1 });
  await enqueue(40, null);
  await clock.advance(10);
  calls.length = 0;
  // The runs before took no time, so the next ones are started together. But these take long.
  const runs = await enqueue(4, 50);
  await clock.advance(20);
  expect(of('job_started').filter((runId) => runs.includes(runId ?? ''))).toHaveLength(4);
  expect(calls).toHaveLength(1);
  const other = runs.find((runId) => runId !== calls[0]?.runId) ?? '';
  await scheduler.cancelRun(other);
  await clock.advance('2s');
  expect(of('job_cancelled')).toEqual([other]);
  expect(of('job_executed')).toHaveLength(43);
  expect(calls).toHaveLength(3);
});

test('a worker that dies in the middle: what was settled stays, and the rest is taken by another one', async () => {
  const { clock, calls, worker, enqueue, of } = await clusterOf();
  const { backend } = await worker({ concurrency: 1 });
  const runs = await enqueue(6, 20);
  // One run is settled, one is at work, and the others were not started.
  await clock.advance(35);
  expect([of('job_executed').length, of('job_started').length]).toEqual([1, 2]);
  backend.kill();
  const { worker: second } = await worker({ concurrency: 6 });
  await clock.advance('5s');
  expect(of('job_executed').sort()).toEqual([...runs].sort());
  expect(calls.filter(({ workerId }) => workerId === second.id)).toHaveLength(5);
});

test('a delivery that its queue gives again to the worker that has it: each run is settled once', async () => {
  const { clock, calls, worker, enqueue, of } = await clusterOf();
  const cutOff: OnStep = ({ call }) => {
    if (call === 'renew' && clock.now() < 1_000) throw new Error('cut off');
  };
  await worker({ concurrency: 1 });
  await enqueue(1, 8_000);
  await clock.advance(1);
  await worker({ concurrency: 2 }, cutOff);
  const runs = await enqueue(6, 700);
  await clock.advance('30s');
  expect(of('job_executed')).toHaveLength(7);
  expect(of('job_executed')).toEqual(expect.arrayContaining(runs));
  expect(calls.length).toBeLessThan(25);
});

test('one of a higher priority waits for what has begun, not for the rest of a delivery', async () => {
  const { clock, calls, worker, enqueue } = await clusterOf();
  await worker({ concurrency: 1 });
  await enqueue(8, 400, { priority: 5 });
  await clock.advance(150);
  const [urgent] = await enqueue(1, 1, { priority: 0 });
  await clock.advance('10s');
  expect(calls.findIndex(({ runId }) => runId === urgent)).toBe(1);
});

test('a job store that waits for a slot gets its share, whatever the delivery of another one names', async () => {
  const { clock, calls, worker, enqueue } = await clusterOf({ jobStores: ['a', 'b'] });
  await worker({ concurrency: 2 });
  await enqueue(40, 60, { jobStore: 'a' });
  await clock.advance(20);
  const runs = await enqueue(3, 60, { jobStore: 'b' });
  await clock.advance(300);
  const ofB = calls.filter(({ runId }) => runs.includes(runId));
  expect(ofB.length).toBe(3);
});

test('under a limit in the whole cluster, each delivery is one run', async () => {
  for (const limit of [{ globalConcurrency: 1 }, { rateLimit: { max: 2, duration: '1s' } }] as const) {
    const { clock, calls, worker, enqueue } = await clusterOf();
    await worker({ concurrency: 10, ...limit });
    await enqueue(6, 100);
    await clock.advance(90);
    expect(calls).toHaveLength('rateLimit' in limit ? 2 : 1);
    await clock.advance('10s');
    expect(calls).toHaveLength(6);
  }
});

test('a limit that the leader does not know of yet: of a delivery, the worker executes one', async () => {
  const { clock, calls, worker, enqueue } = await clusterOf();
  const { worker: idle } = await worker({ concurrency: 2 });
  await enqueue(3, 1);
  await clock.advance(50);
  await idle.shutdown();
  calls.length = 0;
  await enqueue(4, 100);
  await clock.advance(1);
  await worker({ concurrency: 10, globalConcurrency: 1 });
  await clock.advance(90);
  expect(calls).toHaveLength(1);
  await clock.advance('10s');
  expect(calls).toHaveLength(4);
});

test('where the start of the first ones fails, the delivery comes again; where that of later ones does, they are handed back', async () => {
  for (const failing of [1, 2]) {
    const { clock, calls, worker, enqueue, of } = await clusterOf();
    let starts = 0;
    await worker({ concurrency: 1 }, ({ call, at }) => {
      if (call !== 'start') return;
      if (at === 'request') starts += 1;
      if (starts === failing) throw new Error('cut off');
    });
    const runs = await enqueue(4, 20);
    await clock.advance('10s');
    expect(of('job_executed').sort()).toEqual([...runs].sort());
    expect(calls).toHaveLength(4);
  }
});

test('by itself, a leader packs only where their tasks are quick', async () => {
  const { clock, worker, enqueue, calls } = await clusterOf({ packRules: null });
  let taken = 0;
  await worker({ concurrency: 50 }, ({ call, at }) => {
    if (call === 'take' && at === 'request') taken += 1;
  });
  const deliveriesOf = async (count: number, ms: number | null) => {
    taken = 0;
    const before = calls.length;
    await enqueue(count, ms);
    await clock.advance('2s');
    expect(calls.length - before).toBe(count);
    return taken;
  };
  // The leader knows nothing of the task yet.
  expect(await deliveriesOf(20, null)).toBe(20);
  expect(await deliveriesOf(9, null)).toBe(1);
  expect(await deliveriesOf(1, null)).toBe(1);
  expect(await deliveriesOf(60, null)).toBe(2);
  expect(await deliveriesOf(40, 50)).toBeGreaterThan(1);
  expect(await deliveriesOf(40, 50)).toBe(40);
  expect(await deliveriesOf(40, null)).toBe(40);
});
