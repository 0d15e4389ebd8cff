import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';

const START = new Date('2026-01-01T00:00:00Z');
const logger = pino({ level: 'silent' });

test('of two runs that were asked for in one millisecond, the outcome is explained with the one that had it', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const clock = new VirtualClock(START);
  const memory = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: memory.connect(), logger });
  const coordinator = new Coordinator({ backend: memory.connect(), logger });
  const tasks = { first: (hangs: boolean) => (hangs ? held : undefined) };
  const worker = new Worker({ backend: memory.connect(), logger, tasks });
  onTestFinished(async () => {
    release();
    await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
  });
  await Promise.all([coordinator.start(), worker.start()]);
  await scheduler.addJob({ id: 'job', task: 'first', args: [false], trigger: interval('1d'), maxInstances: 2 });
  await clock.advance('1s');
  const hangs = await scheduler.runJob('job', { args: [true] });
  const ends = await scheduler.runJob('job');
  await clock.advance('1s');
  const [live, settled] = [await scheduler.getRun(hangs.runId), await scheduler.getRun(ends.runId)];
  const [instant] = settled?.scheduledRunTimes ?? [];
  expect(live?.scheduledRunTimes).toEqual([instant]);
  expect([live?.state, settled?.state]).toEqual(['running', 'executed']);
  const { code, evidence } = await scheduler.explain('job', instant as Date);
  expect({ code, runId: evidence.run?.runId, state: evidence.run?.state }).toEqual({
    code: 'executed',
    runId: ends.runId,
    state: 'executed',
  });
});
