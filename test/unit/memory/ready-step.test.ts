import { Coordinator } from '@carillon/coordinator';
import { date, interval, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { expect, onTestFinished, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';

/** A cluster at instant 0. It notes when its leader looked for due jobs or claimed some, and when its task was called, ms. */
async function cluster() {
  const clock = new VirtualClock(new Date(0));
  const memory = new MemoryCluster({ clock });
  const [looks, claims, calls]: [number[], number[], number[]] = [[], [], []];
  const onStep = ({ call, at }: { call: string; at: string }) => {
    if (call === 'due' && at === 'request') looks.push(clock.now());
    if (call === 'claim' && at === 'request') claims.push(clock.now());
  };
  const scheduler = new Scheduler({ backend: memory.connect(), logger });
  const coordinator = new Coordinator({ backend: memory.connect({ onStep }), logger });
  const tasks = { note: () => void calls.push(clock.now()) };
  const worker = new Worker({ backend: memory.connect(), logger, tasks });
  onTestFinished(async () => {
    await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
  });
  for (const member of [scheduler, coordinator, worker]) await member.start();
  return { clock, scheduler, looks, claims, calls };
}

test('in memory, a leader takes a step shortly before a job is due, and claims nothing before its instant', async () => {
  const { clock, scheduler, looks, calls } = await cluster();
  await scheduler.addJob({ id: 'once', task: 'note', trigger: date(new Date(700)) });
  await clock.advance(699);
  expect(looks.filter((at) => at >= 690 && at < 700)).toEqual([695]);
  expect(calls).toEqual([]);
  await clock.advance(10);
  expect(calls).toEqual([700]);
});

test('at its instant, what was planned before is claimed without another look, once', async () => {
  const { clock, scheduler, looks, claims, calls } = await cluster();
  await scheduler.addJobs(
    ['a', 'b', 'c'].map((id) => ({ id, task: 'note', trigger: interval({ seconds: 1, startAt: new Date(700) }) })),
  );
  await clock.advance(700);
  expect(calls).toEqual([700, 700, 700]);
  expect(claims).toEqual([700]);
  expect(looks).not.toContain(700);
  await clock.advance(2_000);
  expect(calls).toEqual([700, 1_700, 2_700].flatMap((at) => [at, at, at]));
  expect(claims).toEqual([700, 1_700, 2_700]);
});

test('a job that is added after that step, for the same instant, is claimed at that instant too', async () => {
  const { clock, scheduler, calls } = await cluster();
  await scheduler.addJob({ id: 'once', task: 'note', trigger: date(new Date(700)) });
  await clock.advance(698);
  await scheduler.addJob({ id: 'late', task: 'note', trigger: date(new Date(700)) });
  await clock.advance(2);
  expect(calls).toEqual([700, 700]);
});

test('a run that is asked for, for the same instant, does not wait for the next look', async () => {
  const { clock, scheduler, calls } = await cluster();
  await scheduler.addJob({ id: 'once', task: 'note', trigger: date(new Date(700)) });
  await scheduler.enqueue('note', [], { at: new Date(700) });
  await clock.advance(700);
  expect(calls).toEqual([700, 700]);
});

test('a job that is removed after that step does not run', async () => {
  const { clock, scheduler, looks, calls } = await cluster();
  await scheduler.addJob({ id: 'once', task: 'note', trigger: date(new Date(700)) });
  await clock.advance(697);
  expect(looks).toContain(695);
  await scheduler.removeJob('once');
  await clock.advance(1_000);
  expect(calls).toEqual([]);
});
