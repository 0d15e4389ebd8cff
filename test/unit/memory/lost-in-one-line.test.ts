import { Coordinator } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import { MemoryCluster, type OnStep, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, test } from 'vitest';
import { RecordedLog } from '../../support/outages.js';

const RUNS = 12;
const LEASE_MS = 3_000;

/** Runs of two job stores are at work, started one after the other, during an outage. Returns the log lines about them. */
async function afterOutage(taskMs: number, isDeaf: boolean) {
  const clock = new VirtualClock(new Date(0));
  const cluster = new MemoryCluster({ clock });
  const log = new RecordedLog();
  const { logger } = log;
  const jobStores = ['one', 'two'];
  let isCut = false;
  const onStep: OnStep = () => {
    if (isCut) throw new Error('nothing comes through');
  };
  const tasks = {
    work: () =>
      new Promise<void>((resolve, reject) => {
        const { signal } = currentRun();
        clock.after(taskMs, resolve);
        if (!isDeaf) signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  const scheduler = new Scheduler({ backend: cluster.connect(), logger, jobStores });
  const executors = { default: { concurrency: 2 * RUNS } };
  const doomed = new Worker({
    backend: cluster.connect({ onStep }),
    logger,
    jobStores,
    tasks,
    executors,
    lease: LEASE_MS,
  });
  await doomed.start();
  const leader = new Coordinator({ backend: cluster.connect(), logger, jobStores, lease: LEASE_MS });
  await leader.start();
  await clock.advance('1s');
  for (let index = 0; index < RUNS; index++) {
    for (const jobStore of jobStores) await scheduler.enqueue('work', [], { jobStore });
    await clock.advance(LEASE_MS / 3 / RUNS);
  }
  const other = new Worker({ backend: cluster.connect(), logger, jobStores, tasks, executors, lease: LEASE_MS });
  await other.start();
  await clock.advance(100);
  isCut = true;
  await clock.advance(4 * LEASE_MS);
  isCut = false;
  await clock.advance('45s');
  return log.lines as readonly {
    msg: string;
    jobStore?: string;
    count?: number;
    runId?: string;
    runIds?: readonly string[];
  }[];
}

const LOST = 'the leases of runs were lost; their signals are aborted, and their outcomes count for nothing';
const VOID = 'runs are not ours any more; their outcomes count for nothing';

test.each([
  ['obey their signals', 40_000, false, [LOST]],
  ['go on', 40_000, true, [LOST]],
  ['end meanwhile', LEASE_MS / 2, true, [VOID]],
])(
  'an outage longer than a lease is one line for each job store, however many runs it took, where tasks %s',
  async (_, taskMs, isDeaf, expected) => {
    const lines = await afterOutage(taskMs, isDeaf);
    for (const msg of [LOST, VOID]) {
      const found = lines.filter((line) => line.msg === msg);
      const reported = expected.includes(msg) ? ['one', 'two'] : [];
      expect(
        found.map(({ jobStore }) => jobStore),
        msg,
      ).toEqual(reported);
      // Runs that no other worker has taken by the end of the outage are settled after all.
      for (const { count } of found) expect(count).toBeGreaterThan(msg === LOST ? RUNS - 1 : RUNS / 2);
      for (const { runIds } of found) expect(new Set(runIds).size).toBe(5);
    }
    // There is no line for each run in other words either.
    expect(lines.filter(({ runId, runIds }) => runId ?? runIds)).toHaveLength(2);
  },
);
