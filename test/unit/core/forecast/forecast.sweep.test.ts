import {
  and,
  calendarInterval,
  cron,
  date,
  type Forecast,
  interval,
  type JobSpec,
  or,
  Scheduler,
  type Trigger,
  type UntypedTasks,
} from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { expect, it } from 'vitest';

const START = new Date('2026-03-28T20:00:30Z');
const DAY = 86_400_000;

/** Counts the fires of each executor in each step, one fire after the other. */
async function oneByOne(scheduler: Scheduler, { from, to, stepMs }: Forecast): Promise<Map<string, number[]>> {
  const count = (to.getTime() - from.getTime()) / stepMs;
  const steps = new Map<string, number[]>();
  for (const job of (await scheduler.getJobs({ filter: { state: 'scheduled' }, limit: 1_000 })).jobs) {
    const ofExecutor = steps.get(job.executor) ?? new Array<number>(count).fill(0);
    let after = new Date(from.getTime() - 1);
    for (;;) {
      const { fireTimes } = job.preview({ after, count: 10_000 });
      for (const at of fireTimes) {
        const step = Math.floor((at.getTime() - from.getTime()) / stepMs);
        if (step < count) ofExecutor[step] = (ofExecutor[step] ?? 0) + 1;
      }
      const last = fireTimes.at(-1);
      if (fireTimes.length < 10_000 || !last || last >= to) break;
      after = last;
    }
    if (job.nextRunTime && job.nextRunTime < to) steps.set(job.executor, ofExecutor);
  }
  return steps;
}

const TRIGGERS: readonly Trigger[] = [
  interval('1m'),
  interval('1m'),
  interval('90s'),
  interval('7s'),
  interval('3h'),
  interval('2d'),
  interval({ minutes: 5, startAt: '2026-03-28T23:00:00Z', endAt: '2026-03-29T02:00:00Z' }),
  cron('*/5 * * * *'),
  cron('*/5 * * * *'),
  cron('30 2 * * *', { timezone: 'Europe/Berlin' }),
  cron('H H * * *'),
  cron('H H * * *'),
  cron('*/2 15 3 * * *'),
  calendarInterval({ days: 1, timezone: 'Europe/Berlin' }),
  date('2026-03-29T08:00:00Z'),
  or(cron('0 * * * *'), cron('30 1 * * *')),
  and(cron('*/3 * * * *'), cron('*/5 * * * *')),
];

const specs: readonly JobSpec<UntypedTasks>[] = [
  ...TRIGGERS.map((trigger, n) => ({ id: `t${n}`, task: 'a', trigger, executor: n % 3 ? 'default' : 'mail' })),
  { id: 'later', task: 'a', trigger: interval('1h'), nextRunTime: new Date('2026-03-29T04:20:10Z') },
  {
    id: 'off beat',
    task: 'a',
    trigger: interval({ hours: 1, startAt: '2026-03-01T00:00:00Z' }),
    nextRunTime: new Date('2026-03-28T22:20:10Z'),
  },
  { id: 'later cron', task: 'a', trigger: cron('*/10 * * * *'), nextRunTime: new Date('2026-03-29T04:21:10Z') },
  { id: 'limited', task: 'a', trigger: interval('10m'), maxRuns: 7 },
  { id: 'limited cron', task: 'a', trigger: cron('0 * * * *'), maxRuns: 3 },
  { id: 'paused', task: 'a', trigger: interval('1m'), nextRunTime: null },
];

/** About 50,000 fires in nine hours. A day of them, one by one, takes longer than everything else here. */
const dense: JobSpec<UntypedTasks> = { id: 'dense', task: 'a', trigger: interval({ milliseconds: 700 }) };

it.each([
  ['of a day of minutes', {}, []],
  ['of hours', { by: 'hour' as const, to: new Date(START.getTime() + 3 * DAY) }, []],
  ['that begins later', { from: new Date('2026-03-29T00:10:00Z'), to: new Date('2026-03-29T09:00:00Z') }, [dense]],
  ['of some hours', { by: 'hour' as const, to: new Date('2026-03-29T06:00:30Z') }, [dense]],
])('a forecast %s has as many fires in each step as there are one by one', async (_, options, more) => {
  const clock = new VirtualClock(START);
  const scheduler = new Scheduler({ backend: new MemoryCluster({ clock }).connect() });
  await scheduler.addJobs([...specs, ...more]);
  const forecast = await scheduler.forecast(options);
  const right = await oneByOne(scheduler, forecast);
  expect(forecast.unreadable).toBe(0);
  expect(forecast.executors.map(({ executor }) => executor)).toEqual([...right.keys()].sort());
  for (const { executor, fires, estimated } of forecast.executors) {
    expect(fires, executor).toEqual(right.get(executor));
    expect(estimated).toBe(false);
  }
});
