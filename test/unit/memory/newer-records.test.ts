import { Coordinator } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';

function world() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ base: null, level: 'warn' }, { write: (line) => void lines.push(JSON.parse(line)) });
  const ran: string[] = [];
  const tasks = { note: (what: string) => void ran.push(what) };
  const worker = (newest = 1) => {
    const backend = cluster.connect({ formats: { oldest: 1, newest } });
    const begun = new Worker({ backend, logger, tasks });
    onTestFinished(() => begun.shutdown());
    void begun.start();
    return begun;
  };
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  onTestFinished(() => coordinator.shutdown());
  void coordinator.start();
  return { clock, cluster, lines, ran, worker, scheduler: new Scheduler({ backend: cluster.connect(), logger }) };
}

test('jobs that a newer release wrote hold up no other, are reported once, and stay', async () => {
  const { clock, cluster, lines, ran, worker, scheduler } = world();
  worker();
  const trigger = { type: 'interval', seconds: 10 } as const;
  const ids = Array.from({ length: 600 }, (_, index) => `newer-${index}`);
  await scheduler.addJobs(ids.map((id) => ({ id, task: 'note', args: [id], trigger })));
  await scheduler.addJob({ id: 'other', task: 'note', args: ['other'], trigger });
  for (const id of ids) cluster.damage('default', 'newer job', id);
  await clock.advance('65s');
  expect(ran).toEqual(Array(6).fill('other'));
  const reported = lines.filter(({ record }) => record === 'job').map(({ id }) => id);
  expect(reported.length).toBeGreaterThanOrEqual(100);
  expect(new Set(reported).size).toBe(reported.length);
  const { counts } = await scheduler.inspect();
  expect(counts).toMatchObject({ jobs: 601, quarantine: 0 });
});

test('a client reports such a job once, and not as an error; for the doctor, it waits, and is not overdue', async () => {
  const { clock, cluster, lines, scheduler } = world();
  const trigger = { type: 'interval', seconds: 10 } as const;
  for (const id of ['newer', 'other']) await scheduler.addJob({ id, task: 'note', tags: ['x'], trigger });
  cluster.damage('default', 'newer job', 'newer');
  const listed = async (options: object) => (await scheduler.getJobs(options)).jobs.map(({ id }) => id);
  for (let i = 0; i < 2; i++) {
    expect(await listed({})).toEqual(['other']);
    expect(await listed({ filter: { tags: ['x'] } })).toEqual(['other']);
  }
  await clock.advance('1m');
  expect(lines.filter(({ id }) => id === 'newer')).toMatchObject([{ level: 40, record: 'job' }]);
  const codes = (await scheduler.diagnose()).findings.map(({ level, code }) => `${level} ${code}`);
  expect(codes).toContain('warning jobs_newer');
  expect(codes.join()).not.toMatch(/jobs_unreadable|overdue/);
});

test('a run whose body a newer release wrote is an error only once no worker that reads it has turned up for 30 s', async () => {
  const { clock, cluster, lines, worker, scheduler } = world();
  const one = await scheduler.enqueue('note', ['x']);
  cluster.damage('default', 'newer body', one.runId);
  const result = one.result({ timeout: '5m' }).catch((error: unknown) => error);
  worker();
  await clock.advance('20s');
  expect((await scheduler.getRun(one.runId))?.state).toMatch(/queued|scheduled/);
  expect(lines.filter(({ executor }) => executor === 'default')).toHaveLength(1);
  await clock.advance('30s');
  expect(await result).toMatchObject({ code: 'RUN_FAILED', error: { code: 'NEWER_RUN' } });
});

test('beside a living worker that reads more, such a run waits for it', async () => {
  const { clock, cluster, worker, scheduler } = world();
  worker(2);
  await clock.advance('5s');
  worker();
  const one = await scheduler.enqueue('note', ['x']);
  cluster.damage('default', 'newer body', one.runId);
  await clock.advance('2m');
  expect(await scheduler.getRun(one.runId)).toMatchObject({ runId: one.runId });
  expect((await scheduler.inspect()).counts).toMatchObject({ runs: 1, quarantine: 0 });
});
