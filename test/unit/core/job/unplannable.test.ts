import { compileTrigger, cron, interval, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Zone } from '../../../../packages/core/src/trigger/zone.js';

/** While `isLost` is set, triggers in this zone compile, but throw when they are asked for a fire time. */
const LOST = 'Asia/Kolkata';
let isLost = false;

beforeAll(() => {
  // Compiling makes the zone known before it is lost: a process tries each zone once.
  compileTrigger(bad);
  const { periodAt } = Zone.prototype;
  vi.spyOn(Zone.prototype, 'periodAt').mockImplementation(function (this: Zone, instant) {
    if (isLost && this.name === LOST) throw new RangeError('Invalid time zone: IST');
    return periodAt.call(this, instant);
  });
});
afterAll(() => void vi.restoreAllMocks());

const logger = defaultLogger();
logger.level = 'silent';
const START = new Date('2026-03-02T08:00:00Z');
const good = interval({ minutes: 10 });
const bad = cron('*/10 * * * * *', { timezone: LOST });
const REFUSED = {
  code: 'INVALID_TRIGGER',
  message: expect.stringContaining('cannot be planned: Invalid time zone: IST'),
};

function schedulerAt() {
  const clock = new VirtualClock(START);
  const cluster = new MemoryCluster({ clock });
  const events: [string, unknown][] = [];
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  return { clock, cluster, scheduler, events };
}

test('a trigger that cannot be planned is refused at every door, whatever is said of the first run', async () => {
  isLost = true;
  const { scheduler } = schedulerAt();
  const first = { id: 'good', task: 't', trigger: good };
  for (const more of [{}, { nextRunTime: new Date(START.getTime() + 5_000) }, { nextRunTime: null }, { maxRuns: 3 }]) {
    await expect(scheduler.addJobs([first, { id: 'bad', task: 't', trigger: bad, ...more }])).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringMatching(/^job "bad": .*Invalid time zone: IST/),
    });
    expect(await scheduler.getJob('good')).toBeUndefined();
  }
  await scheduler.addJob(first);
  await expect(scheduler.rescheduleJob('good', bad)).rejects.toMatchObject(REFUSED);
  for (const nextRunTime of [null, new Date(START.getTime() + 5_000)]) {
    await expect(scheduler.modifyJob('good', { trigger: bad, nextRunTime })).rejects.toMatchObject(REFUSED);
  }
  await expect(scheduler.addJob({ ...first, trigger: bad, replaceExisting: true })).rejects.toMatchObject(REFUSED);
  expect((await scheduler.getJob('good'))?.trigger).toEqual(good);
});

test('a job that cannot be planned any more can be listed, paused, given another trigger and removed, and harms no other', async () => {
  const takes: [string, (scheduler: Scheduler) => Promise<unknown>, string[]][] = [
    ['paused', (scheduler) => scheduler.pauseJob('bad'), ['job_missed', 'job_paused']],
    ['given another trigger', (scheduler) => scheduler.rescheduleJob('bad', good), ['job_missed', 'job_modified']],
    [
      'added again',
      (scheduler) =>
        scheduler.addJobs([
          { id: 'other', task: 't', trigger: good },
          { id: 'bad', task: 't', trigger: good, replaceExisting: true },
        ]),
      ['job_added', 'job_missed', 'job_modified'],
    ],
    ['removed', (scheduler) => scheduler.removeJob('bad'), ['job_missed', 'job_removed']],
    [
      'removed with all',
      (scheduler) => scheduler.removeAllJobs(),
      ['job_missed', 'job_removed', 'job_removed', 'all_jobs_removed'],
    ],
  ];
  for (const maxRuns of [null, 5]) {
    for (const [what, take, expected] of takes) {
      isLost = false;
      const { scheduler, clock } = schedulerAt();
      await scheduler.addJobs([
        { id: 'bad', task: 't', trigger: bad, maxRuns },
        { id: 'good', task: 't', trigger: good },
      ]);
      await clock.advance('25s');
      const seen: string[] = [];
      await scheduler.addListener((event) => void seen.push(event.type));
      isLost = true;
      expect((await scheduler.getJobs()).jobs.map(({ id }) => id)).toEqual(['bad', 'good']);
      await scheduler.printJobs({ write: (text) => expect(text).toContain('bad') });
      await expect(scheduler.modifyJob('bad', { task: 'u', nextRunTime: null })).rejects.toMatchObject(REFUSED);
      await take(scheduler);
      await clock.advance(0);
      expect([what, seen]).toEqual([what, expected]);
      await scheduler.shutdown();
    }
  }
});
