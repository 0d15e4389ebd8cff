import { Coordinator } from '@carillon/coordinator';
import { calendarInterval, interval, Scheduler, type Trigger } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';

test.each<[string, Trigger, Trigger]>([
  ['two intervals', interval('5m'), interval('10m')],
  ['an interval whose jitter changed', interval({ minutes: 5 }), interval({ minutes: 5, jitter: '10s' })],
  ['an interval and a calendar interval', interval('6h'), calendarInterval({ days: 1, timezone: 'UTC' })],
])('two releases that add a job again in turn do not keep it from firing: %s', async (_, one, other) => {
  const clock = new VirtualClock(new Date('2026-03-02T08:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const fired: Date[] = [];
  await scheduler.addListener((event) => void fired.push(...event.scheduledRunTimes), ['job_submitted']);
  await coordinator.start();
  const step = one.type === 'interval' && one.hours ? 3_600_000 : 60_000;
  for (let turn = 0; turn < 60; turn++) {
    await scheduler.addJob({
      id: 'job',
      task: 't',
      trigger: turn % 2 ? other : one,
      replaceExisting: true,
      maxInstances: 99,
    });
    await clock.advance(step);
  }
  expect(fired.length).toBeGreaterThanOrEqual(2);
  await coordinator.shutdown();
  await scheduler.shutdown();
});
