import { InvalidArgumentsError, InvalidOptionsError, interval } from '@carillon/core';
import { CarillonModule, Cron, Scheduler, Task } from '@carillon/nestjs';
import { Injectable } from '@nestjs/common';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { eventually } from '../../support/eventually.js';
import { failure, silent } from '../../support/in-process.js';
import { applicationOf } from '../../support/nestjs/application.js';

const day = z.tuple([z.iso.date().transform((text) => new Date(text)), z.int().min(1).default(2)]);

@Injectable()
class Reports {
  readonly title = 'report';

  @Task('report.daily', { args: day })
  @Task('report.any')
  @Cron('0 0 1 1 *', { name: 'yearly', args: ['2026-01-01'] })
  daily(date: Date | string, copies?: number) {
    return `${this.title} of ${date instanceof Date ? date.getUTCFullYear() : date}, ${copies ?? 'no'} copies`;
  }
}

const application = (providers: readonly (new () => object)[]) =>
  applicationOf({ imports: [CarillonModule.forRoot({ logger: silent, memory: true })], providers: [...providers] });

test('a method of @Task with a schema gets what the schema makes of the arguments; another name of it takes any', async () => {
  const scheduler = (await application([Reports])).get(Scheduler);
  const resultOf = async (task: string, args: readonly string[]) => (await scheduler.enqueue(task, args)).result();
  expect(await resultOf('report.daily', ['2026-02-03'])).toBe('report of 2026, 2 copies');
  expect(await resultOf('report.any', ['today'])).toBe('report of today, no copies');
  expect(await (await scheduler.runJob('yearly')).result()).toBe('report of 2026, 2 copies');
});

test('calls whose arguments do not satisfy it are refused', async () => {
  const scheduler = (await application([Reports])).get(Scheduler);
  const job = { task: 'report.daily', args: ['2026-02-03', 0], trigger: interval('1h') };
  // A client's last look at the workers counts for some seconds, and may be from before this one joined.
  await eventually(async () => {
    const error = await failure(() => scheduler.addJob(job, { dryRun: true }));
    expect(error).toBeInstanceOf(InvalidArgumentsError);
    expect(error.message).toContain('args[1]: ');
  });
});

test('what is not a schema, and an option that there is not, are refused with the names of task and method', async () => {
  class Wrong {
    daily() {}
  }
  const decorated = (options: object) => {
    const descriptor = Object.getOwnPropertyDescriptor(Wrong.prototype, 'daily') as PropertyDescriptor;
    Reflect.deleteMetadata('carillon:declared', Wrong.prototype.daily);
    (Task('report.wrong', options as never) as MethodDecorator)(Wrong.prototype, 'daily', descriptor);
    return failure(() => application([Wrong]));
  };
  const noSchema = await decorated({ args: 5 });
  expect(noSchema).toBeInstanceOf(InvalidOptionsError);
  expect(noSchema.message).toMatch(/^@Task "report.wrong" of Wrong.daily: .*args 5 is not a schema/);
  expect((await decorated({ args: day, schema: day })).message).toMatch(
    /^@Task "report.wrong" of Wrong.daily: .*schema/,
  );
});
