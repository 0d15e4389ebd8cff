import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { type ExecutorOptions, Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';

const START = new Date('2026-01-01T00:00:00Z');
const FIRST = new Date('2026-01-01T00:00:10Z');
const SECOND = new Date('2026-01-01T00:00:11Z');
const logger = pino({ level: 'silent' });

/** A worker with one executor, a job that occupies it for good from the first instant, and a job that is due a second later. */
async function behind(options: ExecutorOptions, { first = 'hangs', task = 'quick' } = {}) {
  const clock = new VirtualClock(START);
  const memory = new MemoryCluster({ clock });
  const tasks = { hangs: () => new Promise<never>(() => {}), quick: () => 'done' };
  const scheduler = new Scheduler({ backend: memory.connect(), logger });
  const coordinator = new Coordinator({ backend: memory.connect(), logger });
  const worker = new Worker({
    backend: memory.connect(),
    logger,
    tasks,
    executors: { mail: options },
    shutdownTimeout: 0,
  });
  await Promise.all([coordinator.start(), worker.start()]);
  onTestFinished(async () => {
    const stopped = Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
    await clock.advanceUntil(stopped);
  });
  const job = { executor: 'mail', misfireGraceTime: null };
  await scheduler.addJob({ ...job, id: 'first', task: first, trigger: interval({ hours: 1, startAt: FIRST }) });
  await scheduler.addJob({ ...job, id: 'second', task, trigger: interval({ hours: 1, startAt: SECOND }) });
  await clock.advance('20s');
  return { clock, scheduler, explained: await scheduler.explain('second', SECOND) };
}

const kindsOf = ({ explained }: Awaited<ReturnType<typeof behind>>) =>
  explained.evidence.causes?.map(({ kind }) => kind);

test('a run that waits for a slot says that all are taken', async () => {
  const one = await behind({ concurrency: 1 });
  expect(one.explained).toMatchObject({ code: 'waiting' });
  expect(one.explained.sentence).toContain(
    'In the way now: the one slot that workers have for executor "mail" is taken. It was due 9 s ago.',
  );
  expect(kindsOf(one)).toEqual(['queue', 'slots']);
});

test('a run that waits for a limit of the whole cluster names the limit', async () => {
  const limited = await behind({ concurrency: 5, globalConcurrency: 1 });
  expect(limited.explained.sentence).toContain(
    'In the way now: as many runs of executor "mail" are under way as its globalConcurrency of 1 allows.',
  );
  expect(kindsOf(limited)).toEqual(['queue', 'global_concurrency']);
  const rated = await behind({ concurrency: 5, rateLimit: { max: 1, duration: '1m' } });
  expect(rated.explained.sentence).toContain(
    'In the way now: the rateLimit of executor "mail" (1 in 1 min) lets none begin for 50 s.',
  );
  expect(kindsOf(rated)).toEqual(['queue', 'rate_limit']);
});

test('a run whose task no worker has says so, and so does a fire that is to come', async () => {
  const unknown = await behind({ concurrency: 5 }, { first: 'quick', task: 'no.such' });
  const why = 'In the way now: no worker that serves executor "mail" has task "no.such".';
  expect(unknown.explained).toMatchObject({ code: 'waiting' });
  expect(unknown.explained.sentence).toContain(why);
  expect(kindsOf(unknown)).toEqual(['queue', 'no_task']);
  const next = await unknown.scheduler.explain('second', new Date(SECOND.getTime() + 3_600_000));
  expect(next).toMatchObject({ code: 'will_fire' });
  expect(next.sentence).toContain(why);
});

test('a cancelled run says which actor cancelled it and why, and one that is to come when it is due', async () => {
  const { clock, scheduler } = await behind({ concurrency: 5 }, { task: 'hangs' });
  const { runs } = await scheduler.getRuns({ limit: 10 });
  const run = runs.find(({ jobId }) => jobId === 'second');
  await scheduler.as({ actor: 'Bob' }).cancelRun(run?.runId ?? '', { reason: 'stuck' });
  await clock.advance('10s');
  expect((await scheduler.explain('second', SECOND)).sentence).toContain(
    "was cancelled. Bob cancelled it because of 'stuck'.",
  );
  expect((await scheduler.explainRun(run?.runId ?? '')).sentence).toMatch(
    /; Bob cancelled it at .* because of 'stuck'\.$/,
  );

  const { runId } = await scheduler.enqueue('quick', [], { delay: '1h' });
  await clock.advance('10m');
  expect((await scheduler.explainRun(runId)).sentence).toMatch(
    /: it was submitted at 2026-01-01 00:00:30 UTC; it waits until it is due\. It is due in 50 min\.$/,
  );
});
