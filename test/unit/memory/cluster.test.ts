import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, cron, date, interval, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';

/** A scheduler, coordinators and workers in one process, on a clock that only the test advances. */
function clusterAt(start: string) {
  const clock = new VirtualClock(new Date(start));
  const cluster = new MemoryCluster({ clock });
  const fired: { readonly task: string; readonly scheduled: number; readonly at: number; readonly by: string }[] = [];
  const note = (by: string) => (task: string) => {
    fired.push({ task, scheduled: currentRun().scheduledRunTime.getTime(), at: clock.now(), by });
  };
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });

  async function coordinator() {
    const backend = cluster.connect();
    const coordinator = new Coordinator({ backend, logger });
    await coordinator.start();
    await clock.advance(0);
    return { coordinator, backend, epoch: () => coordinator.health().jobStores.default?.epoch ?? null };
  }

  async function worker(name = 'w', more: { [name: string]: () => unknown } = {}) {
    const backend = cluster.connect();
    const worker = new Worker({ backend, logger, tasks: { note: note(name), ...more } });
    await worker.start();
    return { worker, backend };
  }

  return { clock, cluster, scheduler, fired, coordinator, worker };
}

test('a job added by a producer runs in a worker, on time', async () => {
  // As in the README: a test as a user writes it.
  const clock = new VirtualClock(new Date('2026-03-02T07:59:30Z'));
  const cluster = new MemoryCluster({ clock });
  const sent: string[] = [];
  const tasks = {
    'report.daily': async (region: string) => void sent.push(`${region} at ${clock.date.toISOString()}`),
  };

  await using scheduler = new Scheduler<typeof tasks>({ backend: cluster.connect() });
  await using coordinator = new Coordinator({ backend: cluster.connect() });
  await using worker = new Worker({ backend: cluster.connect(), tasks });
  await Promise.all([coordinator.start(), worker.start()]);

  await scheduler.addJob({
    id: 'daily-eu',
    task: 'report.daily',
    args: ['eu'],
    trigger: cron('0 9 * * 1-5', { timezone: 'Europe/Berlin' }),
  });
  await clock.advance('1m');
  expect(sent).toEqual(['eu at 2026-03-02T08:00:00.000Z']);
});

test('an interval of 1 s fires 60 times in 60 s, each time on time', async () => {
  const { clock, scheduler, fired, coordinator, worker } = clusterAt('2026-01-01T00:00:00Z');
  await coordinator();
  await worker();
  const start = clock.now();
  await scheduler.addJob({ id: 'tick', task: 'note', args: ['tick'], trigger: interval('1s') });
  await clock.advance('60s');
  const expected = Array.from({ length: 60 }, (_, index) => start + 1_000 * (index + 1));
  expect(fired.map(({ scheduled }) => scheduled)).toEqual(expected);
  expect(fired.map(({ at }) => at)).toEqual(expected);
});

test('a job for 50 ms from now is not waited for until the next look', async () => {
  const { clock, scheduler, fired, coordinator, worker } = clusterAt('2026-01-01T00:00:00Z');
  await coordinator();
  await worker();
  await clock.advance(123);
  const at = clock.now() + 50;
  await scheduler.addJob({ id: 'soon', task: 'note', args: ['soon'], trigger: date(new Date(at)) });
  await clock.advance(49);
  expect(fired).toEqual([]);
  await clock.advance(1);
  expect(fired).toMatchObject([{ task: 'soon', scheduled: at, at }]);
});

test('a leader that is killed is replaced after its lease, and no fire is lost or doubled', async () => {
  const { clock, scheduler, fired, coordinator, worker } = clusterAt('2026-01-01T00:00:00Z');
  const [first, second] = [await coordinator(), await coordinator()];
  await worker('w1');
  await worker('w2');
  const start = clock.now();
  const jobs = Array.from({ length: 10 }, (_, index) => `j${index}`);
  await scheduler.addJobs(
    jobs.map((id) => ({ id, task: 'note', args: [id], trigger: interval('1s'), coalesce: false })),
  );
  await clock.advance('10s');
  const epoch = first.epoch() ?? 0;
  expect(epoch).toBeGreaterThan(0);
  expect(second.epoch()).toBeNull();

  first.backend.kill();
  await clock.advance('1900ms');
  expect(second.epoch()).toBeNull();
  await clock.advance('1200ms');
  expect(second.epoch()).toBeGreaterThan(epoch);
  await clock.advance('6900ms');

  const expected = Array.from({ length: 20 }, (_, index) => start + 1_000 * (index + 1));
  for (const id of jobs) {
    expect(
      fired.filter(({ task }) => task === id).map(({ scheduled }) => scheduled),
      id,
    ).toEqual(expected);
  }
  expect(new Set(fired.map(({ by }) => by))).toEqual(new Set(['w1', 'w2']));
});

test('a leader that shuts down is replaced at once', async () => {
  const { clock, coordinator } = clusterAt('2026-01-01T00:00:00Z');
  const [first, second] = [await coordinator(), await coordinator()];
  expect([first.epoch() !== null, second.epoch()]).toEqual([true, null]);
  await first.coordinator.shutdown();
  await clock.advance(0);
  expect(second.epoch()).not.toBeNull();
});

test('what a killed worker held runs again elsewhere, after its lease', async () => {
  const { clock, scheduler, fired, coordinator, worker } = clusterAt('2026-01-01T00:00:00Z');
  await coordinator();
  const hang = () => new Promise<void>((resolve) => void clock.after(60_000, resolve));
  const first = await worker('w1', { slow: hang });
  const attempts: number[] = [];
  const start = clock.now();
  await scheduler.enqueue('slow');
  await clock.advance(100);
  expect(first.worker.health().running).toBe(1);
  await worker('w2', {
    slow: () => {
      attempts.push(currentRun().attempt, clock.now() - start);
    },
  });
  first.backend.kill();
  await clock.advance('8s');
  expect(attempts).toEqual([2, expect.toSatisfy((ms: number) => ms > 2_500 && ms <= 8_000)]);
  await clock.advance('60s');
  expect(attempts).toHaveLength(2);
  expect(fired).toEqual([]);
});

test('listeners hear a run in order, and one user who leaves disturbs no other', async () => {
  const { clock, cluster, scheduler, coordinator, worker } = clusterAt('2026-01-01T00:00:00Z');
  await coordinator();
  await worker();
  const other = new Scheduler({ backend: cluster.connect(), logger });
  const heard: string[] = [];
  const gone: string[] = [];
  await scheduler.addListener(({ type }) => heard.push(type));
  await other.addListener(({ type }) => gone.push(type));
  await other.shutdown();
  await expect(other.getJobs()).rejects.toThrow('shut down');
  await scheduler.enqueue('note', ['x']);
  await clock.advance(0);
  expect(heard).toEqual(['job_submitted', 'job_started', 'job_executed']);
  expect(gone).toEqual([]);
});

test('maxInstances, a paused store and a backlog are as with Redis', async () => {
  const { clock, scheduler, fired, coordinator, worker } = clusterAt('2026-01-01T00:00:00Z');
  await coordinator();
  let [running, most] = [0, 0];
  await worker('w', {
    slow: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => void clock.after(3_000, resolve));
      running -= 1;
    },
  });
  let refused = 0;
  await scheduler.addListener(() => void refused++, ['job_max_instances']);
  await scheduler.addJob({ id: 'slow', task: 'slow', trigger: interval('1s') });
  await clock.advance('20s');
  expect([most, refused >= 10]).toEqual([1, true]);
  await scheduler.removeJob('slow');

  await scheduler.addJob({ id: 'all', task: 'note', args: ['all'], trigger: interval('1s'), coalesce: false });
  await scheduler.pause();
  await clock.advance('10s');
  expect(fired).toEqual([]);
  await scheduler.resume();
  await clock.advance(0);
  expect(fired).toHaveLength(10);
});

test('the same again is the same again', async () => {
  const run = async () => {
    const { clock, scheduler, coordinator, worker } = clusterAt('2026-01-01T00:00:00Z');
    const events: CarillonEvent[] = [];
    await scheduler.addListener((event) => events.push(event));
    const first = await coordinator();
    await coordinator();
    await worker('w1');
    await worker('w2');
    await scheduler.addJob({ task: 'note', args: ['x'], trigger: interval({ milliseconds: 700, jitter: 300 }) });
    await clock.advance('5s');
    first.backend.kill();
    await clock.advance('10s');
    return events;
  };
  const [once, again] = [await run(), await run()];
  expect(once.length).toBeGreaterThan(50);
  expect(again).toEqual(once);
});
