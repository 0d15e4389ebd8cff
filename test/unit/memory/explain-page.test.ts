import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';

const START = new Date('2026-01-01T00:00:00Z');
const logger = pino({ level: 'silent' });

test('a page of explanations asks the job store a few times, however many instants it has', async () => {
  let pings = 0;
  const ping = () => {
    if (++pings % 3 === 0) throw new Error('no answer');
  };
  const { scheduler, clock, calls } = await cluster({ ping });
  await scheduler.addJob({ id: 'job', task: 'ping', trigger: interval('2s') });
  await clock.advance('100s');
  calls.length = 0;
  const { explanations } = await scheduler.explain('job', {
    from: START,
    to: new Date(START.getTime() + 3_600_000),
    limit: 1_000,
  });
  expect(explanations).toHaveLength(1_000);
  const codes = new Set(explanations.map(({ code }) => code));
  expect(codes).toContain('will_fire');
  expect(codes).toContain('executed');
  expect(codes).toContain('error');
  // The job's account, all runs together, the store as it is and was, a page of the log. There were once 1,997 calls, because each future
  // instant read the store again, and 50 more, because each run was read by itself.
  expect(calls.length).toBeGreaterThan(2);
  expect(calls.length, calls.slice(0, 30).join(', ')).toBeLessThan(20);
});

test('fire times that were coalesced into one run, which was run again, read the log of that once', async () => {
  let runs = 0;
  const f = () => {
    if (runs++ === 0) throw new Error('no answer');
  };
  const { scheduler, clock, calls } = await cluster({ f });
  await scheduler.addJob({ id: 'job', task: 'f', trigger: interval('1s'), misfireGraceTime: '2h' });
  await scheduler.pause();
  await clock.advance('600s');
  await scheduler.resume();
  await clock.advance('1s');
  await scheduler.retryRuns({ jobId: 'job' }, { expected: 1, reason: 'mended' });
  await clock.advance('5s');
  calls.length = 0;
  const { explanations } = await scheduler.explain('job', {
    from: START,
    to: new Date(START.getTime() + 590_000),
    limit: 500,
  });
  const coalesced = explanations.filter(({ code }) => code === 'coalesced');
  expect(coalesced).toHaveLength(500);
  for (const { sentence } of coalesced) expect(sentence).toMatch(/ran it again at .*: run \S+ was executed/);
  expect(calls.length, calls.slice(0, 30).join(', ')).toBeLessThan(20);
});

async function hung() {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  // Callbacks of a test are called in reverse order: the run ends before the members shut down, which wait for it.
  const parts = await cluster({ hang: () => held });
  onTestFinished(() => release());
  return parts;
}

async function cluster(tasks: Record<string, () => unknown>) {
  const clock = new VirtualClock(START);
  const memory = new MemoryCluster({ clock });
  const calls: string[] = [];
  const onStep = ({ call, at }: { readonly call: string; readonly at: string }) => {
    if (at === 'request') calls.push(call);
  };
  const scheduler = new Scheduler({ backend: memory.connect({ onStep }), logger });
  const coordinator = new Coordinator({ backend: memory.connect(), logger });
  const worker = new Worker({ backend: memory.connect(), logger, tasks });
  onTestFinished(async () => {
    await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
  });
  await Promise.all([coordinator.start(), worker.start()]);
  return { scheduler, clock, calls };
}

test('the run that held the place of a job is found by its name: the ledger is not read', async () => {
  const { scheduler, clock, calls } = await hung();
  await scheduler.addJob({ id: 'job', task: 'hang', trigger: interval('2s') });
  await clock.advance('30s');
  calls.length = 0;
  const { explanations } = await scheduler.explain('job', { from: START, to: new Date(START.getTime() + 30_000) });
  expect(explanations.filter(({ code }) => code === 'max_instances').length).toBeGreaterThan(10);
  expect(calls.filter((call) => call === 'liveRuns')).toHaveLength(0);
  const [first, ...others] = explanations;
  expect(first?.code).toBe('waiting');
  const { runId } = first?.evidence.run ?? {};
  expect(new Set(others.map(({ evidence }) => evidence.holders?.[0]?.runId))).toEqual(new Set([runId]));
});

test('a page of fire times that found no free instance reads the ledger once, where a caller asked for the run that held it', async () => {
  const { scheduler, clock, calls } = await hung();
  await scheduler.addJob({ id: 'job', task: 'hang', trigger: interval('2s') });
  const { runId } = await scheduler.runJob('job');
  await clock.advance('30s');
  calls.length = 0;
  const { explanations } = await scheduler.explain('job', { from: START, to: new Date(START.getTime() + 30_000) });
  const refused = explanations.filter(({ code }) => code === 'max_instances');
  expect(refused.length).toBeGreaterThan(10);
  expect(new Set(refused.map(({ evidence }) => evidence.holders?.[0]?.runId))).toEqual(new Set([runId]));
  expect(calls.filter((call) => call === 'liveRuns')).toHaveLength(1);
});
