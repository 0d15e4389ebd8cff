import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, it, onTestFinished } from 'vitest';
import { FailureLog } from '../../../packages/core/src/memory/failure-log.js';
import { newRun } from '../../support/contract-records.js';
import { silent as logger } from '../../support/in-process.js';

/** A cluster whose tasks fail until the test mends them. */
async function setUp() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const ran: string[] = [];
  const mended = { is: false };
  const tasks = {
    flaky: (what: string) => {
      if (!mended.is) throw new Error(`no ${what}`);
      const { scheduledRunTime } = currentRun();
      ran.push(`${what} ${scheduledRunTime.toISOString().slice(11, 19)}`);
    },
  };
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const members = [
    new Coordinator({ backend: cluster.connect(), logger }),
    new Worker({ backend: cluster.connect(), logger, tasks }),
  ];
  onTestFinished(async () => {
    const down = Promise.all([scheduler, ...members].map((member) => member.shutdown()));
    await clock.advance('2h');
    await down;
  });
  await Promise.all(members.map((member) => member.start()));
  await clock.advance(0);
  return { clock, scheduler, ran, mended };
}

it('what failed is run again with its arguments and its scheduled run times, and names what it is in place of', async () => {
  const { clock, scheduler, ran, mended } = await setUp();
  await scheduler.addJob({
    id: 'j',
    task: 'flaky',
    args: ['old'],
    trigger: interval('10s'),
    maxInstances: 9,
    history: {},
  });
  await clock.advance('25s');
  await scheduler.modifyJob('j', { task: 'flaky', args: ['new'] });
  await scheduler.pauseJob('j');
  const enqueued = await scheduler.enqueue('flaky', ['once']);
  await clock.advance('5s');

  const preview = await scheduler.previewRetry({ from: new Date('2026-01-01T00:00:15Z') });
  expect(preview).toMatchObject({ notKept: [], runs: [{ runId: enqueued.runId, state: 'error' }, { jobId: 'j' }] });
  const runIds = preview.runs.map(({ runId }) => runId);
  for (const expected of [0, 1, 3])
    await expect(scheduler.retryRuns({ runIds }, { expected })).rejects.toMatchObject({
      code: 'UNEXPECTED_COUNT',
      found: 2,
    });
  mended.is = true;
  const { runs, left } = await scheduler.as({ actor: 'Ann' }).retryRuns({ runIds }, { expected: 2, reason: 'mended' });
  expect([runs.map(({ retryOf }) => retryOf), left]).toEqual([runIds.toReversed(), []]);
  await clock.advance('1s');
  expect(ran).toEqual(['old 00:00:20', 'once 00:00:25']);
  const [ofJob] = runs;
  expect(await scheduler.getRun(ofJob?.runId ?? '')).toMatchObject({
    state: 'executed',
    retryOf: runIds[1],
    jobId: 'j',
  });
  const { sentence, retryOf } = await scheduler.explainRun(ofJob?.runId ?? '');
  expect(retryOf).toBe(runIds[1]);
  expect(sentence).toMatch(`in place of run ${runIds[1]}, which failed: it was submitted`);
  expect(await scheduler.explainRun(runIds[1] ?? '')).toMatchObject({
    retriedAs: ofJob?.runId,
    sentence: expect.stringContaining(`it was run again as ${ofJob?.runId}`),
  });

  await expect(scheduler.retryRuns({ runIds }, { expected: 2 })).rejects.toMatchObject({
    code: 'UNEXPECTED_COUNT',
    message: expect.stringMatching(
      /matches 0 runs that can be run again \(2 others were run again already\), and 2 were expected: .*\(previewRetry\)/,
    ),
  });
  expect((await scheduler.previewRetry()).runs).toHaveLength(1);
  // The account says the same of each fire time as before.
  expect(await scheduler.audit()).toMatchObject({ found: 0 });
  expect(await scheduler.explain('j', '2026-01-01T00:00:20Z')).toMatchObject({ code: 'error' });
});

it('a run in place of another that fails, too, is run again in its turn', async () => {
  const { clock, scheduler, ran, mended } = await setUp();
  const first = await scheduler.enqueue('flaky', ['x']);
  const names = [first.runId];
  for (let n = 0; n < 3; n++) {
    await clock.advance('1s');
    mended.is = n === 2;
    const { runs } = await scheduler.retryRuns({}, { expected: 1 });
    expect(runs[0]?.retryOf).toBe(names.at(-1));
    names.push(runs[0]?.runId ?? '');
  }
  await clock.advance('1s');
  expect([new Set(names).size, ran.length]).toEqual([4, 1]);
  await expect(scheduler.retryRuns({}, { expected: 1 })).rejects.toMatchObject({ found: 0 });
});

it('a filter, and how many are expected, are checked', async () => {
  const { scheduler } = await setUp();
  for (const [filter, options, message] of [
    [{ state: 'error' }, { expected: 1 }, /unknown option state/],
    [{ runIds: 'x' }, { expected: 1 }, /retryRuns: runIds "x" is not an array/],
    [{ from: 'yesterday' }, { expected: 1 }, /retryRuns: from "yesterday" is not a valid Date/],
    [{}, {}, /retryRuns: expected undefined is not a whole number/],
    [{}, { expected: 0.5 }, /expected 0.5 is not a whole number/],
    [{}, { expected: 1, yes: true }, /unknown option yes/],
  ] as const) {
    await expect(scheduler.retryRuns(filter as never, options as never)).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
  }
});

it('failures are bounded by count, bytes and age', () => {
  const log = new FailureLog();
  const fail = (n: number, at: number, length = 10) =>
    log.append(`${n}`, { ...newRun(`${n}`, null, { payload: 'x'.repeat(length) }), damaged: false }, at, 1_000_000);
  const kept = (now: number) => log.newest(null, 20_000, now).length;
  for (let n = 0; n < 10_100; n++) fail(n, n);
  expect(kept(10_100)).toBe(10_000);
  for (let n = 0; n < 2_000; n++) fail(n, 20_000, 16_000);
  expect([kept(20_000) > 1_000, kept(20_000) < 1_050]).toEqual([true, true]);
  fail(0, 1_020_001);
  expect(kept(1_020_001)).toBe(1);
  expect(kept(2_020_001)).toBe(0);
});
