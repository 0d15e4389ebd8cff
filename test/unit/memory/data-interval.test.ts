import { Coordinator } from '@carillon/coordinator';
import { cron, interval, Scheduler } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { expect, it, onTestFinished } from 'vitest';
import { silent as logger } from '../../support/in-process.js';

/** A cluster at 2026-01-01T00:00:00Z, and the data intervals that its task `note` got. */
async function setUp() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const reported: string[] = [];
  const short = (at: Date | null) => at?.toISOString().slice(5, 19).replace('T', ' ');
  const note = (failures = 0) => {
    const { previousFireTime, scheduledRunTime, attempt } = currentRun();
    reported.push(`${short(previousFireTime) ?? null} to ${short(scheduledRunTime)}`);
    expect(currentRun().previousFireTime).toBe(previousFireTime);
    if (attempt <= failures) throw new Error('again');
  };
  const scheduler = new Scheduler({ backend: cluster.connect(), logger, timezone: 'UTC' });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const worker = new Worker({ backend: cluster.connect(), logger, tasks: { note } });
  const parts = [coordinator, worker];
  onTestFinished(async () => {
    const ends = Promise.all([scheduler, ...parts].map((part) => part.shutdown()));
    await clock.advance('1m');
    await ends;
  });
  await Promise.all(parts.map((part) => part.start()));
  const since = () => reported.splice(0);
  return { clock, scheduler, since };
}

it('a task gets the fire time before its own; before the first one there is none', async () => {
  const { clock, scheduler, since } = await setUp();
  const startAt = new Date(clock.now() + 60_000);
  await scheduler.addJob({ id: 'a', task: 'note', trigger: interval({ minutes: 1, startAt }) });
  await clock.advance('3m');
  expect(since()).toEqual([
    'null to 01-01 00:01:00',
    '01-01 00:01:00 to 01-01 00:02:00',
    '01-01 00:02:00 to 01-01 00:03:00',
  ]);
});

it('what only the caller asked for has none', async () => {
  const { clock, scheduler, since } = await setUp();
  await scheduler.addJob({ id: 'a', task: 'note', trigger: interval('1h') });
  await scheduler.runJob('a');
  await scheduler.enqueue('note', []);
  await clock.advance('1s');
  expect(since()).toEqual(['null to 01-01 00:00:00', 'null to 01-01 00:00:00']);
});

it('fire times that are coalesced are in the interval of their run; of a backlog, each has its own', async () => {
  const { clock, scheduler, since } = await setUp();
  const trigger = cron('0 * * * *');
  await scheduler.addJob({ id: 'one', task: 'note', trigger, misfireGraceTime: null });
  await clock.advance('1h');
  expect(since()).toEqual(['01-01 00:00:00 to 01-01 01:00:00']);
  await scheduler.pause();
  await clock.advance('3h');
  await scheduler.resume();
  await clock.advance('1m');
  expect(since()).toEqual(['01-01 01:00:00 to 01-01 04:00:00']);

  await scheduler.modifyJob('one', { coalesce: false });
  await scheduler.pause();
  await clock.advance('3h');
  await scheduler.resume();
  await clock.advance('1m');
  expect(since()).toEqual([
    '01-01 04:00:00 to 01-01 05:00:00',
    '01-01 05:00:00 to 01-01 06:00:00',
    '01-01 06:00:00 to 01-01 07:00:00',
  ]);
});

it('fire times that were missed are in no interval', async () => {
  const { clock, scheduler, since } = await setUp();
  const policy = { coalesce: false, misfireGraceTime: '90m' } as const;
  await scheduler.addJob({ id: 'a', task: 'note', trigger: cron('0 * * * *'), ...policy });
  await scheduler.pause();
  await clock.advance('4h');
  await scheduler.resume();
  await clock.advance('1m');
  expect(since()).toEqual(['01-01 02:00:00 to 01-01 03:00:00', '01-01 03:00:00 to 01-01 04:00:00']);
});

it('a retry gets the same; jitter is not part of it', async () => {
  const { clock, scheduler, since } = await setUp();
  const retry = { attempts: 2, backoff: { delay: '1m' } } as const;
  const trigger = cron('0 9 * * *', { jitter: '1h' });
  await scheduler.addJob({ id: 'a', task: 'note', args: [1], trigger, retry });
  await clock.advance('12h');
  expect(since()).toEqual(['12-31 09:00:00 to 01-01 09:00:00', '12-31 09:00:00 to 01-01 09:00:00']);
});

it('the trigger as it is decides, whatever was before a pause, a reschedule or a next run time that was set', async () => {
  const { clock, scheduler, since } = await setUp();
  await scheduler.addJob({ id: 'a', task: 'note', trigger: cron('0 * * * *') });
  await clock.advance('1h');
  await scheduler.pauseJob('a');
  await clock.advance('150m');
  await scheduler.resumeJob('a');
  await clock.advance('30m');
  expect(since()).toEqual(['01-01 00:00:00 to 01-01 01:00:00', '01-01 03:00:00 to 01-01 04:00:00']);

  await scheduler.rescheduleJob('a', cron('15 */2 * * *'));
  await clock.advance('150m');
  expect(since()).toEqual(['01-01 02:15:00 to 01-01 04:15:00', '01-01 04:15:00 to 01-01 06:15:00']);

  await scheduler.modifyJob('a', { nextRunTime: new Date('2026-01-01T07:00:00Z') });
  await clock.advance('2h');
  expect(since()).toEqual(['01-01 06:15:00 to 01-01 07:00:00', '01-01 06:15:00 to 01-01 08:15:00']);
});
