import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, interval, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, type MemoryUserOptions, type OnStep, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';
const LEASE_MS = 300;

/** A cluster whose tasks take some time. Each of these tests is about a fault that the simulation found. */
function clusterOf() {
  const clock = new VirtualClock(new Date(0));
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const calls: string[] = [];
  const work = (ms: number, isDeaf: boolean) =>
    new Promise<void>((resolve, reject) => {
      const { signal, attempt } = currentRun();
      calls.push(`attempt ${attempt} at ${clock.now()}`);
      clock.after(ms, resolve);
      if (!isDeaf) signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  const tasks = { obedient: (ms: number) => work(ms, false), deaf: (ms: number) => work(ms, true) };

  async function worker(concurrency: number, onStep?: OnStep) {
    const backend = cluster.connect({ onStep });
    const executors = { default: { concurrency } };
    const worker = new Worker({ backend, logger, tasks, executors, lease: LEASE_MS });
    await worker.start();
    await clock.advance(0);
    return { worker, backend };
  }

  async function coordinator(options?: MemoryUserOptions) {
    const coordinator = new Coordinator({ backend: cluster.connect(options), logger, lease: LEASE_MS });
    await coordinator.start();
    await clock.advance(0);
    return coordinator;
  }

  async function outcomes() {
    const heard: string[] = [];
    const note = ({ type }: CarillonEvent) => void heard.push(type);
    await scheduler.addListener(note, ['job_executed', 'job_error', 'job_cancelled']);
    return heard;
  }

  return { clock, scheduler, calls, worker, coordinator, outcomes };
}

/** Makes calls of this name fail for a time. */
function failing(clock: VirtualClock, call: string, from: number, to: number): OnStep {
  return (step) => {
    if (step.call === call && clock.now() >= from && clock.now() < to) throw new Error('cut off');
  };
}

test('a task that stops because its run was lost is executed again: that is not its error', async () => {
  const { clock, scheduler, calls, worker, coordinator, outcomes } = clusterOf();
  await coordinator();
  await worker(1, failing(clock, 'heartbeat', 1, 700));
  const heard = await outcomes();
  await scheduler.enqueue('obedient', [1_000]);
  await clock.advance('5s');
  expect(heard).toEqual(['job_executed']);
  expect(calls).toHaveLength(2);
});

test('a run that begins right after an outage is not lost with those from before', async () => {
  const { clock, scheduler, calls, worker, coordinator, outcomes } = clusterOf();
  await coordinator();
  await worker(1, failing(clock, 'heartbeat', 1, 1_050));
  const heard = await outcomes();
  await clock.advance(1_060);
  await scheduler.enqueue('obedient', [500]);
  await clock.advance('2s');
  expect(calls).toEqual(['attempt 1 at 1060']);
  expect(heard).toEqual(['job_executed']);
});

test('what its queue gives to the worker whose task still runs is handed back once a lease, not without end', async () => {
  const { clock, scheduler, worker, coordinator, outcomes } = clusterOf();
  await coordinator();
  const heard = await outcomes();
  // A worker without room: it sees that the other one shows no sign of life.
  await worker(1);
  await scheduler.enqueue('deaf', [6_000]);
  await clock.advance(1);
  let handedBack = 0;
  const cutOff = failing(clock, 'renew', 1, 1_000);
  const other = await worker(2, (step) => {
    cutOff(step);
    if (step.call === 'handBack' && step.at === 'request') handedBack += 1;
    // Otherwise it would go on forever, without time passing.
    if (handedBack > 100) other.backend.kill();
  });
  await scheduler.enqueue('deaf', [3_000]);
  await clock.advance('3s');
  expect(handedBack).toBeGreaterThan(1);
  expect(handedBack).toBeLessThan(15);
  await clock.advance('20s');
  expect(heard).toEqual(['job_executed', 'job_executed']);
});

test('a delivery that a former leader was late with disturbs no other', async () => {
  const { clock, scheduler, calls, worker, coordinator, outcomes } = clusterOf();
  let sendLate = () => {};
  await coordinator({
    carry: async (call, effect) => {
      if (clock.now() > 0 && call === 'extend') throw new Error('cut off');
      if (clock.now() > 0 && call === 'add') {
        await new Promise<void>((resolve) => {
          sendLate = resolve;
        });
      }
      return effect();
    },
  });
  await coordinator();
  await worker(2);
  const heard = await outcomes();
  await clock.advance(1);
  await scheduler.enqueue('obedient', [1_000]);
  await clock.advance('1s');
  expect(calls).toHaveLength(1);
  sendLate();
  await clock.advance('3s');
  expect(calls).toHaveLength(1);
  expect(heard).toEqual(['job_executed']);
});

test('a run whose task goes on though it was given up is an error once its time is up', async () => {
  const { clock, scheduler, calls, worker, coordinator, outcomes } = clusterOf();
  await coordinator();
  await worker(1, failing(clock, 'heartbeat', 1, 700));
  const heard = await outcomes();
  await scheduler.enqueue('deaf', [3_600_000], { timeout: '5s' });
  await clock.advance('4s');
  expect(heard).toEqual([]);
  await clock.advance('2s');
  expect(heard).toEqual(['job_error']);
  expect(calls).toHaveLength(1);
});

test('a run whose task goes on though it was given up can be cancelled', async () => {
  const { clock, scheduler, worker, coordinator, outcomes } = clusterOf();
  await coordinator();
  await worker(1, failing(clock, 'heartbeat', 1, 700));
  const heard = await outcomes();
  const run = await scheduler.enqueue('deaf', [3_600_000]);
  await clock.advance('4s');
  expect(await run.cancel()).toBe('cancelling');
  await clock.advance('2s');
  expect(heard).toEqual(['job_cancelled']);
});

test('a worker with a long lease is not taken for lost while it lives', async () => {
  const clock = new VirtualClock(new Date(0));
  const cluster = new MemoryCluster({ clock });
  const heard: string[] = [];
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  await scheduler.addListener(({ type }) => void heard.push(type), ['worker_joined', 'worker_left']);
  await using worker = new Worker({ backend: cluster.connect(), logger, tasks: { none: () => {} }, lease: '10m' });
  await using coordinator = new Coordinator({ backend: cluster.connect(), logger });
  await Promise.all([worker.start(), coordinator.start(), clock.advance(0)]);
  await clock.advance('5m');
  expect(heard).toEqual(['worker_joined']);
  const stopped = Promise.all([worker.shutdown(), coordinator.shutdown()]);
  await clock.advance('10s');
  await stopped;
});

test('a worker that was counted dead, and lives, joins again; one that is shut down says that it leaves', async () => {
  const { clock, scheduler, worker, coordinator } = clusterOf();
  const heard: string[] = [];
  await scheduler.addListener(
    (event) => void heard.push(event.type === 'worker_left' ? `${event.type} ${event.cause}` : event.type),
    ['worker_joined', 'worker_left'],
  );
  await coordinator();
  const { worker: first } = await worker(1, failing(clock, 'heartbeat', 1_000, 50_000));
  await clock.advance('45s');
  expect(heard).toEqual(['worker_joined', 'worker_left lost']);
  expect((await scheduler.inspect()).workers).toEqual([]);
  await clock.advance('45s');
  expect(heard.slice(2)).toEqual(['worker_joined']);
  expect((await scheduler.inspect()).workers).toMatchObject([{ workerId: first.id }]);
  const stopped = first.shutdown();
  await clock.advance('10s');
  await stopped;
  expect(heard.slice(3)).toEqual(['worker_left stopped']);
});

test('what ends while the store refuses to settle is settled afterwards: it is not executed again', async () => {
  const { clock, scheduler, calls, worker, coordinator, outcomes } = clusterOf();
  await coordinator();
  await worker(5, failing(clock, 'settle', 1, 2_000));
  const heard = await outcomes();
  for (let run = 0; run < 5; run++) await scheduler.enqueue('obedient', [100]);
  await clock.advance('5s');
  expect(heard).toEqual(Array.from({ length: 5 }, () => 'job_executed'));
  expect(calls).toHaveLength(5);
});

test('a job whose run another program removed from the ledger fires again', async () => {
  const clock = new VirtualClock(new Date(0));
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  await coordinator.start();
  const submitted: string[] = [];
  const executed: number[] = [];
  await scheduler.addListener(({ runId }) => void submitted.push(runId), ['job_submitted']);
  await scheduler.addListener(({ at }) => void executed.push(at.getTime()), ['job_executed']);
  await scheduler.addJob({ id: 'j', task: 'note', trigger: interval('10s') });
  await clock.advance('15s');
  for (const runId of submitted) expect(cluster.damage('default', 'lost run', runId)).toBe(true);
  expect(submitted.length).toBe(1);
  const worker = new Worker({ backend: cluster.connect(), logger, tasks: { note: () => {} } });
  await worker.start();
  await clock.advance('1m');
  expect(executed.length).toBeGreaterThan(2);
});
