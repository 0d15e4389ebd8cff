import * as carillon from '@carillon/nestjs';
import type { DynamicModule } from '@nestjs/common';
import * as schedule from '@nestjs/schedule';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { silent } from '../../support/in-process.js';
import { applicationOf } from '../../support/nestjs/application.js';
import { type Imported, smallApplication } from '../../support/nestjs/small-application.js';
import { ownPrefix, redisUrl } from '../../support/redis.js';

type Switches = { readonly cronJobs?: boolean; readonly intervals?: boolean; readonly timeouts?: boolean };

/** The import of each side, and how it makes the module. */
const SIDES: Readonly<Record<string, readonly [Imported, (switches?: Switches) => DynamicModule]>> = {
  '@nestjs/schedule': [schedule, (switches) => schedule.ScheduleModule.forRoot(switches)],
  '@carillon/nestjs in memory': [
    carillon,
    (switches) => carillon.ScheduleModule.forRoot({ ...switches, logger: silent }),
  ],
  '@carillon/nestjs on Redis': [
    carillon,
    (switches) =>
      carillon.ScheduleModule.forRoot({
        ...switches,
        redis: redisUrl(),
        prefix: ownPrefix(),
        logger: silent,
      }),
  ],
};

describe.concurrent.each(Object.entries(SIDES))('%s', (_, [imported, moduleOf]) => {
  test('runs the small application', async ({ onTestFinished }) => {
    const { providers, controllers, calls, atOnce } = smallApplication(imported);
    const begun = Date.now();
    const app = await applicationOf({ imports: [moduleOf()], providers, controllers }, onTestFinished);
    const times = (method: string) => calls[method]?.length ?? 0;
    await eventually(() => {
      for (const method of ['everySecond hello', 'zoned', 'shifted', 'poll', 'failing', 'inherited', 'ofController']) {
        expect({ method, times: times(method) }).toEqual({ method, times: expect.toSatisfy((n: number) => n >= 3) });
      }
      expect(calls).toMatchObject({ once: [expect.any(Number)], namedOnce: [expect.any(Number)] });
      expect(calls).toMatchObject({ atAnInstant: [expect.any(Number)] });
      expect(times('oneAtATime')).toBeGreaterThan(1);
      expect(atOnce).toMatchObject({ oneAtATime: 1, overlapping: expect.toSatisfy((n: number) => n >= 2) });
    });
    await app.close();
    const after = structuredClone(calls);
    expect(Object.keys(calls)).not.toEqual(expect.arrayContaining(['disabled']));
    expect([times('disabled'), times('inAnHour'), times('muchLater')]).toEqual([0, 0, 0]);
    expect(calls.once?.[0]).toBeGreaterThanOrEqual(begun + 100);
    expect(calls.poll?.[0]).toBeGreaterThanOrEqual(begun + 200);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(calls).toEqual(after);
  });

  test('leaves out what the module is not to run', async ({ onTestFinished }) => {
    const { providers, controllers, calls } = smallApplication(imported);
    await applicationOf(
      { imports: [moduleOf({ cronJobs: false, timeouts: false })], providers, controllers },
      onTestFinished,
    );
    await eventually(() => expect(calls.poll?.length).toBeGreaterThan(5));
    expect(Object.keys(calls).sort()).toEqual(['failing', 'inherited', 'ofController', 'poll']);
  });

  test('refuses a wrong crontab string, and a name that comes twice', async () => {
    const { Cron } = imported;
    class Wrong {
      @Cron('every now and then')
      wrong() {}
    }
    await expect(applicationOf({ imports: [moduleOf()], providers: [Wrong] })).rejects.toThrow();
    class Twice {
      @Cron('0 9 * * *', { name: 'report' })
      first() {}

      @Cron('0 10 * * *', { name: 'report' })
      second() {}
    }
    await expect(applicationOf({ imports: [moduleOf()], providers: [Twice] })).rejects.toThrow('report');
  });
});
