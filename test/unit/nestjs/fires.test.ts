import { compileTrigger } from '@carillon/core';
import { CronExpression, type CronOptions } from '@carillon/nestjs';
import * as schedule from '@nestjs/schedule';
import { describe, expect, test } from 'vitest';
import { type DeclaredJob, jobsOf } from '../../../packages/nestjs/src/jobs.js';
import { applicationOf } from '../../support/nestjs/application.js';

const jobOf = (when: string, options: CronOptions): DeclaredJob => {
  const method = { name: 'A.b', declared: [{ kind: 'cron', when, options }] as const, call: () => undefined };
  return jobsOf([method], { now: 0, maxInstances: 1 })[0] as DeclaredJob;
};

/** Returns the next fire times of a decorator, ms. */
function ours(when: string, options: CronOptions, from: Date): number[] {
  const { trigger, id } = jobOf(when, options).spec;
  const compiled = compileTrigger(trigger, { jobId: id, timezone: 'UTC' });
  const times: number[] = [];
  for (let at = compiled.next(from); at && times.length < 3; at = compiled.next(at)) times.push(at.getTime());
  return times;
}

const OTHERS = [
  '0 9 13 * 5',
  '*/7 9-17/2 * jan,jul mon-fri',
  '15 30 2 28 2 *',
  '@weekends',
  '0 0 * * 7',
  '5/20 * * * *',
];
const ZONES = [
  { timeZone: 'UTC' },
  { timeZone: 'Asia/Tokyo' },
  { utcOffset: 120 },
  { utcOffset: -300 },
  { utcOffset: 0 },
];

test('has the names of @nestjs/schedule', () => {
  expect(CronExpression).toEqual({ ...schedule.CronExpression });
});

describe('@Cron', () => {
  test('fires when that of @nestjs/schedule does', async () => {
    const named = [...new Set(Object.values(CronExpression))].map((when) => ({ when, zone: { timeZone: 'UTC' } }));
    const others = OTHERS.flatMap((when) => ZONES.map((zone) => ({ when, zone })));
    const cases = [...named, ...others].map((one, index) => ({ ...one, name: `job ${index}` }));
    class Jobs {}
    for (const { when, zone, name } of cases) {
      const descriptor = { value: () => undefined };
      schedule.Cron(when, { ...zone, name, disabled: true } as schedule.CronOptions)(Jobs.prototype, name, descriptor);
      Object.defineProperty(Jobs.prototype, name, descriptor);
    }
    const app = await applicationOf({ imports: [schedule.ScheduleModule.forRoot()], providers: [Jobs] });
    const registry = app.get(schedule.SchedulerRegistry);
    const unlike = cases.filter(({ when, zone, name }) => {
      const from = new Date();
      const there = registry
        .getCronJob(name)
        .nextDates(3)
        .map((at) => at.toMillis());
      const here = ours(when, zone, from);
      // A second may begin between the two.
      return there.join() !== here.join() && there.slice(0, 2).join() !== here.slice(1).join();
    });
    expect(unlike).toEqual([]);
  });

  test('takes its own and the policy of jobs', () => {
    const options = { waitForCompletion: true, threshold: 250, retry: { attempts: 2 }, args: ['eu'] } as const;
    expect(jobOf('0 9 * * *', options).spec).toMatchObject({
      ...{ id: 'A.b', task: 'A.b', maxInstances: 1, misfireGraceTime: 250, retry: { attempts: 2 }, args: ['eu'] },
    });
    expect(jobOf('0 9 * * *', { utcOffset: 120 }).spec.trigger).toMatchObject({ timezone: 'Etc/GMT-2' });
  });

  test.each([
    [{ utcOffset: 330 }, /utcOffset: 330 is not a whole number of hours/],
    [{ utcOffset: 60, timeZone: 'UTC' }, /not both/],
    [{ initialDelay: -1 }, /initialDelay: -1 is not a duration/],
    [{ threshold: 'late' }, /threshold: "late" is not a duration/],
  ])('refuses %j', (options, message) => {
    expect(() => jobOf('0 9 * * *', options as CronOptions)).toThrow(message);
  });
});
