import { type CarillonEvent, InvalidOptionsError, interval } from '@carillon/core';
import { CarillonModule, type CarillonModuleOptions, currentRun, Scheduler, Task } from '@carillon/nestjs';
import { Injectable } from '@nestjs/common';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { silent } from '../../support/in-process.js';
import { applicationOf } from '../../support/nestjs/application.js';

@Injectable()
class Tasks {
  @Task('id')
  id() {
    return currentRun().executionId;
  }

  /** Blocks this process: nothing else in it runs in the meantime. */
  @Task('block')
  block(ms: number) {
    const until = performance.now() + ms;
    while (performance.now() < until);
  }
}

const application = (options: CarillonModuleOptions = {}) =>
  applicationOf({ imports: [CarillonModule.forRoot({ logger: silent, ...options })], providers: [Tasks] });

test('two applications in memory, as one before and after it starts again, have no id in common', async () => {
  const ids = await Promise.all(
    [1, 2].map(async () => {
      const scheduler = (await application()).get(Scheduler);
      return (await scheduler.enqueue('id')).result();
    }),
  );
  expect(ids[0]).not.toBe(ids[1]);
});

test('a task that blocks an application in memory for longer than leases last costs no leadership and no run', async () => {
  const app = await application({ lease: '100ms' });
  const scheduler = app.get(Scheduler);
  const events: CarillonEvent[] = [];
  await scheduler.addListener((event) => void events.push(event));
  await (await scheduler.enqueue('block', [400])).result();
  // Some leases later, any effect of the block on a lease would show.
  await scheduler.addJob({ id: 'later', task: 'id', trigger: interval('100ms') });
  const later = () => events.filter((event) => event.type === 'job_executed' && event.jobId === 'later');
  await eventually(() => expect(later().length).toBeGreaterThan(4));
  const types = events.map(({ type }) => type);
  expect(types).not.toContain('leader_lost');
  expect(types).not.toContain('worker_left');
});

test('an unset redis is not taken for memory', async () => {
  const options = { redis: undefined } as unknown as CarillonModuleOptions;
  await expect(application(options)).rejects.toThrow(InvalidOptionsError);
  await expect(application(options)).rejects.toThrow(/^redis: undefined is not a place/);
  await expect(application({ memory: true, redis: 'redis://localhost' })).rejects.toThrow(/^redis, memory: give one/);
});
