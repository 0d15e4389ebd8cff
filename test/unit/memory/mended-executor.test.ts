import { Coordinator } from '@carillon/coordinator';
import { type CarillonEvent, type InspectedRun, interval, type JobStoreInspection, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { expect, test } from 'vitest';
import { workerFindings } from '../../../packages/core/src/doctor/worker-findings.js';

const logger = defaultLogger();
logger.level = 'silent';

/** Returns the advice of `carillon doctor` for executors without a worker. */
function unserved(inspection: JobStoreInspection) {
  const needs = [{ task: 'ping', executor: 'wrong', by: ['job'] }];
  const facts = {
    inspection,
    known: true,
    looked: 1,
    unreadable: 0,
    newer: 0,
    firstDue: null,
    usual: new Map(),
    needs,
    refused: [],
  };
  const found = workerFindings(facts).filter(({ code }) => code === 'executor_unserved');
  return found.map(({ whatToDo }) => whatToDo).join('\n');
}

test('a run of a wrong executor holds its mended job up until it is cancelled, as doctor says; then the job runs', async () => {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const events: CarillonEvent[] = [];
  const count = (type: CarillonEvent['type']) => events.filter((event) => event.type === type).length;
  await scheduler.addListener((event) => events.push(event));
  await new Coordinator({ backend: cluster.connect(), logger }).start();
  await new Worker({ backend: cluster.connect(), logger, tasks: { ping: () => 'pong' } }).start();
  await scheduler.addJob({ id: 'job', task: 'ping', executor: 'wrong', trigger: interval('10s') });
  await clock.advance('15s');
  await scheduler.modifyJob('job', { executor: 'default' });
  await clock.advance('30s');
  expect([count('job_submitted'), count('job_max_instances'), count('job_executed')]).toEqual([1, 3, 0]);

  const todo = unserved(await scheduler.inspect());
  expect(todo).toContain('They hold up job "job", also once it has another executor.');
  const [, command = ''] = /Cancel them: `carillon runs cancel ([^`]*)`\.$/.exec(todo) ?? [];
  const ids = command.split(' ');
  expect(ids).toEqual((await scheduler.getRuns('job')).map(({ runId }) => runId));
  for (const id of ids) expect(await scheduler.cancelRun(id)).toBe('cancelled');
  await clock.advance('20s');
  expect([count('job_cancelled'), count('job_executed')]).toEqual([1, 2]);
  expect(unserved(await scheduler.inspect())).not.toContain('Cancel them');
});

test('of many such runs doctor names ten, and how many more it saw; those of no job hold up none', async () => {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  await new Worker({ backend: cluster.connect(), logger, tasks: { ping: () => 'pong' } }).start();
  const inspection = await scheduler.inspect();
  const run = (number: number, more: Partial<InspectedRun> = {}): InspectedRun => ({
    ...{ runId: `r${number}`, jobId: null, task: 'ping', executor: 'wrong', state: 'queued' },
    ...{ due: clock.date, attempt: 0, maxInstances: null, ...more },
  });
  const runs = Array.from({ length: 12 }, (_, number) => run(number));
  expect(unserved({ ...inspection, runs })).toMatch(
    /stay there\. Cancel them: `carillon runs cancel r0 r1 r2 r3 r4 r5 r6 r7 r8 r9`, and the 2 others that were seen\.$/,
  );
  const cases: [Partial<InspectedRun>, boolean][] = [
    ...(['waiting', 'scheduled', 'undelivered', 'retrying'] as const).map((state): [Partial<InspectedRun>, boolean] => [
      { state },
      true,
    ]),
    [{ state: 'running' }, false],
    [{ executor: 'default' }, false],
  ];
  for (const [more, isNamed] of cases)
    expect(unserved({ ...inspection, runs: [run(0, more)] }).includes('runs cancel r0'), JSON.stringify(more)).toBe(
      isNamed,
    );
});
