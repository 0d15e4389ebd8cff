import {
  CarillonHealthIndicator,
  CarillonModule,
  type CarillonModuleOptions,
  Cron,
  currentRun,
  Interval,
  Scheduler,
  Task,
  Timeout,
} from '@carillon/nestjs';
import { Inject, Injectable, Scope, type Type } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { newScheduler, silent } from '../../support/in-process.js';
import { applicationOf } from '../../support/nestjs/application.js';
import { ownPrefix, redisUrl } from '../../support/redis.js';

const on = (prefix: string, providers: Type[], options: CarillonModuleOptions = {}) =>
  applicationOf({
    imports: [CarillonModule.forRoot({ redis: redisUrl(), prefix, logger: silent, ...options }), TerminusModule],
    providers,
  });

test('two processes that start at once declare the same jobs, and run each fire once', async () => {
  const prefix = ownPrefix();
  const fires: number[] = [];
  let timeouts = 0;
  @Injectable()
  class Jobs {
    @Cron('* * * * * *', { name: 'each second' })
    everySecond() {
      fires.push(currentRun().scheduledRunTime.getTime());
    }

    @Timeout('warm up', 3_000)
    warmUp() {
      timeouts += 1;
    }
  }
  await Promise.all([on(prefix, [Jobs]), on(prefix, [Jobs])]);
  const { jobs } = await newScheduler(prefix).getJobs({ filter: { tags: ['nest:app'] } });
  expect(jobs.map(({ id, task }) => [id, task]).sort()).toEqual([
    ['each second', 'Jobs.everySecond'],
    ['warm up', 'Jobs.warmUp'],
  ]);
  await eventually(() => expect([fires.length >= 5, timeouts]).toEqual([true, 1]));
  expect(new Set(fires).size).toBe(fires.length);
  expect(timeouts).toBe(1);
});

test('a job that its decorator disables is paused until it is not, and one that nothing declares goes if that is asked for', async () => {
  const prefix = ownPrefix();
  const start = async (jobs: readonly (readonly [string, boolean])[], removeOrphans = false) => {
    class Jobs {}
    for (const [name, disabled] of jobs) {
      const descriptor = { value: () => undefined };
      Cron('0 9 * * *', { name, disabled })(Jobs.prototype, name, descriptor);
      Object.defineProperty(Jobs.prototype, name, descriptor);
    }
    const app = await on(prefix, [Jobs], { removeOrphans });
    const { jobs: stored } = await app.get(Scheduler).getJobs();
    await app.close();
    return stored.map(({ id, nextRunTime }) => `${id} ${nextRunTime ? 'scheduled' : 'paused'}`).sort();
  };
  expect(
    await start([
      ['a', false],
      ['b', true],
    ]),
  ).toEqual(['a scheduled', 'b paused']);
  expect(
    await start([
      ['a', true],
      ['b', false],
    ]),
  ).toEqual(['a paused', 'b scheduled']);
  expect(await start([['b', false]])).toEqual(['a paused', 'b scheduled']);
  expect(await start([['b', false]], true)).toEqual(['b scheduled']);
});

test('roles share the work, and a run that is under way at shutdown finishes', async () => {
  const prefix = ownPrefix();
  let finished = false;
  @Injectable()
  class Slow {
    @Task('slow')
    async slow(word: string) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      finished = true;
      return word.toUpperCase();
    }
  }
  const producer = await on(prefix, [], { role: 'producer' });
  const coordinator = await on(prefix, [], { role: 'coordinator' });
  const worker = await on(prefix, [Slow], { role: 'worker' });
  const run = await producer.get(Scheduler).enqueue('slow', ['eu']);
  await eventually(async () => expect((await producer.get(Scheduler).getRun(run.runId))?.state).toBe('running'));
  await worker.close();
  expect(finished).toBe(true);
  expect(await run.result()).toBe('EU');
  for (const app of [producer, coordinator]) {
    expect(await app.get(CarillonHealthIndicator).isHealthy('jobs')).toEqual({ jobs: { status: 'up' } });
  }
});

test('a provider that depends on a request has an instance for each run', async () => {
  const seen: unknown[] = [];
  const instances = new Set<unknown>();
  @Injectable({ scope: Scope.REQUEST })
  class PerRun {
    @Inject(REQUEST)
    readonly request: unknown;

    @Interval(200)
    work() {
      instances.add(this);
      seen.push(this.request === currentRun());
    }
  }
  await applicationOf({ imports: [CarillonModule.forRoot({ logger: silent })], providers: [PerRun] });
  await eventually(() => expect(instances.size).toBeGreaterThan(2));
  expect(seen.every(Boolean)).toBe(true);
});

test('terminus gets the answer of the health indicator, up and down', async () => {
  class Nothing {
    @Task('nothing')
    nothing() {}
  }
  const app = await on(ownPrefix(), [Nothing]);
  const indicator = app.get(CarillonHealthIndicator);
  const check = () => app.get(HealthCheckService).check([() => indicator.isHealthy('carillon')]);
  expect(await check()).toMatchObject({ status: 'ok', details: { carillon: { status: 'up' } } });
  await app.get(Scheduler).shutdown();
  await expect(check()).rejects.toThrow();
});

test('options come from a factory, a class and an existing provider; wrong ones are refused', async () => {
  class Settings {
    createCarillonOptions() {
      return { logger: silent, timezone: 'Asia/Tokyo' };
    }
  }
  class SettingsModule {}
  const settings = { module: SettingsModule, providers: [Settings], exports: [Settings] };
  class Jobs {
    @Cron('0 9 * * *', { name: 'morning' })
    morning() {}
  }
  const useFactory = (given: Settings) => given.createCarillonOptions();
  for (const asked of [
    { imports: [settings], inject: [Settings], useFactory },
    { useClass: Settings },
    { imports: [settings], useExisting: Settings },
  ]) {
    const app = await applicationOf({ imports: [CarillonModule.forRootAsync(asked)], providers: [Jobs] });
    expect((await app.get(Scheduler).getJob('morning'))?.timezone).toBe('Asia/Tokyo');
  }
  const wrong = (options: object) => applicationOf({ imports: [CarillonModule.forRoot(options)] });
  await expect(wrong({ role: 'worker' })).rejects.toThrow('role: "worker" needs redis');
  await expect(wrong({ role: 'boss', redis: redisUrl() })).rejects.toThrow('role: "boss" is not a role');
  await expect(wrong({ reddis: 1 })).rejects.toThrow('unknown option reddis');
});
