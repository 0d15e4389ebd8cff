import { Coordinator } from '@carillon/coordinator';
import {
  CarillonError,
  ConflictingIdError,
  compileTrigger,
  cron,
  date,
  InvalidJobError,
  InvalidOptionsError,
  InvalidTriggerError,
  interval,
  JobNotFoundError,
  RunNotFoundError,
  Scheduler,
  UnknownJobStoreError,
} from '@carillon/core';
import { Worker } from '@carillon/worker';
import { Carillon } from 'carillon';
import { describe, expect, it } from 'vitest';
import { failure, newScheduler, Stored, silent, together } from '../support/in-process.js';
import { redisUrl } from '../support/redis.js';

type ErrorClass = new (...args: never[]) => CarillonError;
type Case = readonly [what: string, value: unknown, error: ErrorClass, message: RegExp];

const circle: Record<string, unknown> = {};
circle.self = circle;

const specs: readonly Case[] = [
  ['no object', 'ping', InvalidJobError, /must be an object/],
  ['nothing', undefined, InvalidJobError, /must be an object/],
  ['no task', {}, InvalidJobError, /task undefined must be a string/],
  ['an unknown field', { task: 't', retries: 3 }, InvalidJobError, /unknown field "retries"; allowed are .*trigger/],
  ['a field of a later version', { task: 't', rateLimit: 5 }, InvalidJobError, /unknown field "rateLimit"/],
  ['a retry without a number', { task: 't', retry: {} }, InvalidJobError, /retry.attempts undefined must be a whole/],
  ['a timeout of nothing', { task: 't', timeout: 0 }, InvalidJobError, /timeout 0 must be at least 1 ms, at most 24d/],
  ['a task name with a space', { task: 'my task' }, InvalidJobError, /"my task" is not a task name: use/],
  ['a task name of a prototype', { task: '.__proto__' }, InvalidJobError, /not a task name/],
  ['an empty id', { task: 't', id: '' }, InvalidJobError, /id "" has 0 characters; an id has 1 to 255/],
  ['an id too long', { task: 't', id: 'x'.repeat(256) }, InvalidJobError, /256 characters; an id has 1 to 255/],
  ['an id with a line break', { task: 't', id: 'a\nb' }, InvalidJobError, /control character/],
  ['an id with NUL', { task: 't', id: 'a\0b' }, InvalidJobError, /control character/],
  ['an id with half a character', { task: 't', id: 'a\ud800b' }, InvalidJobError, /half a character/],
  ['an id that is a number', { task: 't', id: 5 }, InvalidJobError, /id 5 must be a string/],
  ['an invalid cron', { task: 't', trigger: { type: 'cron', expression: '61 * * * *' } }, InvalidTriggerError, /61/],
  ['too few cron fields', { task: 't', trigger: { type: 'cron', expression: '* * *' } }, InvalidTriggerError, /field/],
  [
    'an invalid zone',
    { task: 't', trigger: { type: 'cron', expression: '* * * * *', timezone: 'Europe/Berlino' } },
    InvalidTriggerError,
    /Europe\/Berlino/,
  ],
  [
    'a trigger as text',
    { task: 't', trigger: '* * * * *' },
    InvalidTriggerError,
    /make one with date\(\), interval\(\)/,
  ],
  ['a trigger that is null', { task: 't', trigger: null }, InvalidTriggerError, /make one with/],
  ['a trigger that is 0', { task: 't', trigger: 0 }, InvalidTriggerError, /make one with/],
  ['a trigger of no type', { task: 't', trigger: { type: 'rrule' } }, InvalidTriggerError, /"rrule"/],
  ['an interval of 0', { task: 't', trigger: { type: 'interval', seconds: 0 } }, InvalidTriggerError, /step/],
  [
    'a trigger that is over',
    { task: 't', trigger: { type: 'interval', seconds: 1, endAt: '2020-01-01T00:00:00.000Z' } },
    InvalidTriggerError,
    /never run/,
  ],
  ['a Date in args', { task: 't', args: [1, { at: new Date() }] }, InvalidJobError, /args\[1\]\.at is a Date/],
  ['a Map in kwargs', { task: 't', kwargs: { a: [new Map()] } }, InvalidJobError, /kwargs\.a\[0\] is a Map/],
  ['undefined in args', { task: 't', args: [undefined] }, InvalidJobError, /args\[0\] is undefined/],
  ['NaN', { task: 't', args: [Number.NaN] }, InvalidJobError, /args\[0\] is NaN/],
  ['a bigint', { task: 't', args: [1n] }, InvalidJobError, /args\[0\] is a bigint/],
  ['a function', { task: 't', args: [() => {}] }, InvalidJobError, /args\[0\] is a function/],
  ['a circle', { task: 't', args: [circle] }, InvalidJobError, /in a circle/],
  ['a hole', { task: 't', args: new Array(1) }, InvalidJobError, /args\[0\] is undefined/],
  ['args that are not a list', { task: 't', args: { 0: 'a' } }, InvalidJobError, /args is not an array/],
  ['kwargs that are a list', { task: 't', kwargs: [] }, InvalidJobError, /kwargs is not an object/],
  ['args too large', { task: 't', args: ['x'.repeat(600_000)] }, InvalidJobError, /KiB of JSON; at most 512 KiB/],
  ['a duration without a unit', { task: 't', misfireGraceTime: '40' }, InvalidJobError, /"40" is not a duration: give/],
  ['a negative duration', { task: 't', misfireGraceTime: -1 }, InvalidJobError, /-1 is not a duration/],
  ['maxInstances of 0', { task: 't', maxInstances: 0 }, InvalidJobError, /maxInstances 0 must be at least 1/],
  ['maxInstances of 1.5', { task: 't', maxInstances: 1.5 }, InvalidJobError, /whole number/],
  ['a coalesce of 1', { task: 't', coalesce: 1 }, InvalidJobError, /true or false/],
  ['an invalid Date', { task: 't', nextRunTime: new Date(Number.NaN) }, InvalidJobError, /nextRunTime .*valid Date/],
  ['a nextRunTime as text', { task: 't', nextRunTime: '2026-01-01' }, InvalidJobError, /valid Date/],
  ['an executor with a colon', { task: 't', executor: 'a:b' }, InvalidJobError, /is not an alias: use/],
  ['an unknown job store', { task: 't', jobStore: 'other' }, UnknownJobStoreError, /configured: default.*addJobStore/],
];

describe('bad input', () => {
  it.each(specs)('addJob: %s', async (_, spec, error, message) => {
    const { prefix, ...stored } = fresh();
    const scheduler = newScheduler(prefix);
    for (const call of [
      () => scheduler.addJob(spec as { task: string }),
      () => scheduler.addJobs([{ task: 'good' }, spec as { task: string }]),
    ]) {
      const thrown = await failure(call);
      expect(thrown).toBeInstanceOf(error);
      expect(thrown).toBeInstanceOf(CarillonError);
      expect(thrown.message).toMatch(message);
    }
    expect(await stored.keys()).toEqual([]);
  });

  it('two equal ids in one addJobs, and one that exists', async () => {
    const { prefix, keys } = fresh();
    const scheduler = newScheduler(prefix);
    const twice = await failure(() =>
      scheduler.addJobs([
        { id: 'a', task: 't' },
        { id: 'b', task: 't' },
        { id: 'a', task: 't' },
      ]),
    );
    expect(twice).toBeInstanceOf(ConflictingIdError);
    expect(await keys()).toEqual([]);

    await scheduler.addJob({ id: 'a', task: 't', nextRunTime: null });
    const before = await scheduler.getJob('a');
    const exists = await failure(() =>
      scheduler.addJobs([
        { id: 'c', task: 't' },
        { id: 'a', task: 'u' },
      ]),
    );
    expect(exists).toBeInstanceOf(ConflictingIdError);
    expect(exists.message).toMatch(/job "a" exists in job store "default": .*replaceExisting: true/);
    expect(await scheduler.getJob('a')).toEqual(before);
    expect(await scheduler.getJob('c')).toBeUndefined();
  });

  it('changes of a job', async () => {
    const { prefix } = fresh();
    const scheduler = newScheduler(prefix);
    await scheduler.addJob({ id: 'a', task: 't', trigger: interval('1h') });
    const before = await scheduler.getJob('a');
    const modify = (changes: unknown) => () => scheduler.modifyJob('a', changes as object);
    for (const [call, error, message] of [
      [modify({ args: [1] }), InvalidJobError, /need their task/],
      [modify({ id: 'b' }), InvalidJobError, /unknown field "id"/],
      [modify({ trigger: null }), InvalidTriggerError, /make one with/],
      [modify({ trigger: 'x' }), InvalidTriggerError, /make one with/],
      [modify({ maxInstances: -1 }), InvalidJobError, /at least 1/],
      [() => scheduler.rescheduleJob('a', undefined as never), InvalidTriggerError, /make one with/],
      [
        () => scheduler.modifyJob('nobody', { maxInstances: 2 }),
        JobNotFoundError,
        /"nobody" is not in job store "default"/,
      ],
      [() => scheduler.removeJob('nobody'), JobNotFoundError, /never added, has finished, or was removed/],
      [() => scheduler.pauseJob('nobody'), JobNotFoundError, /nobody/],
      [() => scheduler.runJob('nobody'), JobNotFoundError, /nobody/],
      [() => scheduler.getJob(''), InvalidJobError, /1 to 255/],
      [() => scheduler.getJob('a', { jobStore: 'x' }), UnknownJobStoreError, /"x" is not configured/],
    ] as const) {
      const thrown = await failure(call);
      expect(thrown).toBeInstanceOf(error);
      expect(thrown.message).toMatch(message);
    }
    expect(await scheduler.getJob('a')).toEqual(before);
  });

  it('enqueue, getJobs, job stores, listeners', async () => {
    const { prefix, keys } = fresh();
    const scheduler = newScheduler(prefix);
    for (const [call, error, message] of [
      [() => scheduler.enqueue('my task'), InvalidJobError, /not a task name/],
      [() => scheduler.enqueue('t', [new Date()] as never), InvalidJobError, /args\[0\] is a Date/],
      [() => scheduler.enqueue('t', 'x' as never), InvalidJobError, /not an array/],
      [() => scheduler.enqueue('t', [], { dealy: 1 } as object), InvalidOptionsError, /unknown option dealy/],
      [() => scheduler.enqueue('t', [], { executor: '{}' }), InvalidJobError, /alias/],
      [() => scheduler.enqueue('t', [], { jobStore: 'x' }), UnknownJobStoreError, /configured/],
      [() => scheduler.enqueue('t', [], { retry: 3 as never }), InvalidJobError, /enqueue: retry 3 must be an object/],
      [() => scheduler.getRun('a b'), InvalidJobError, /run id: is not the id of a run/],
      [() => scheduler.cancelRun(undefined as never), InvalidJobError, /run id: must be a string/],
      [() => scheduler.cancelRun('nobody'), RunNotFoundError, /run "nobody" is not owed by job store "default"/],
      [() => scheduler.getRuns('j', { limit: 0 }), InvalidJobError, /limit/],
      [() => scheduler.getRuns('j', { jobStore: 'x' }), UnknownJobStoreError, /configured/],
      [() => scheduler.addListener(() => {}, undefined, { since: 'x' }), InvalidOptionsError, /neither a valid Date/],
      [() => scheduler.getJobs({ limit: 0 }), InvalidJobError, /limit: 0 is not a whole number from 1 to 10000/],
      [() => scheduler.getJobs({ limit: 1.5 }), InvalidJobError, /limit/],
      [() => scheduler.getJobs({ limit: '5' as never }), InvalidJobError, /limit/],
      [
        () => scheduler.getJobs({ cursor: 'garbage' }),
        InvalidJobError,
        /cursor: "garbage" is not one that getJobs gave/,
      ],
      [() => scheduler.getJobs({ cursor: '' }), InvalidJobError, /cursor/],
      [() => scheduler.getJobs({ cursor: 5 as never }), InvalidJobError, /cursor/],
      [() => scheduler.getJobs({ cursor: cursorOf('paused', '0; DROP', '0') }), InvalidJobError, /cursor/],
      [() => scheduler.getJobs({ cursor: cursorOf('scheduled', 'x', '0') }), InvalidJobError, /cursor/],
      [() => scheduler.addJobStore('a:b'), InvalidJobError, /alias/],
      [() => scheduler.removeJobStore('x'), UnknownJobStoreError, /configured/],
      [
        () => scheduler.addListener(() => {}, ['job_failed' as 'job_error']),
        InvalidOptionsError,
        /no such event: job_failed/,
      ],
      [() => scheduler.addListener('x' as never), InvalidOptionsError, /listener .*function/],
    ] as const) {
      const thrown = await failure(call);
      expect(thrown, `${call}: ${thrown.message}`).toBeInstanceOf(error);
      expect(thrown.message).toMatch(message);
    }
    expect(await keys()).toEqual([]);
  });

  it('triggers, at their factories', async () => {
    expect(await failure(() => compileTrigger(cron('0 25 * * *')))).toBeInstanceOf(InvalidTriggerError);
    expect(await failure(() => compileTrigger(cron('* * * * *', { timezone: 'Mars' })))).toBeInstanceOf(
      InvalidTriggerError,
    );
    expect(await failure(() => interval('5' as '5s'))).toBeInstanceOf(InvalidTriggerError);
    expect(await failure(() => interval({}))).toBeInstanceOf(InvalidTriggerError);
    expect(await failure(() => date('tomorrow'))).toBeInstanceOf(InvalidTriggerError);
    expect(await failure(() => date(new Date(Number.NaN)))).toBeInstanceOf(InvalidTriggerError);
  });

  const redis = redisUrl();
  const tasks = { ping: () => {} };
  it.each<[string, (given: never) => unknown, unknown, RegExp]>([
    ...everyone('nothing', undefined, /options/),
    // A Carillon without a Redis runs in memory.
    ...everyone('no redis', {}, /redis: give a URL/).filter(([, make]) => make !== carillon),
    ...everyone(
      'a URL with an option',
      { redis: 'redis://u:a?b@host?keyPrefix=x&family=6' },
      /unknown option keyPrefix in the URL "redis:\/\/host"; known is family/,
    ),
    ...everyone('another kind of URL', { redis: 'http://user:secret@host' }, /is not a Redis URL such as/),
    ...everyone('redis as a number', { redis: 6379 }, /redis: give a URL/),
    ...everyone('an unknown option', { redis, colour: 'red' }, /unknown option colour; known are/),
    ...everyone('a bad prefix', { redis, prefix: 'a{b' }, /prefix: "a\{b" is not a key prefix/),
    ...everyone('a bad alias', { redis, jobStores: ['a:b'] }, /jobStores: \["a:b"\] are not aliases/),
    ...everyone('no job store', { redis, jobStores: [] }, /jobStores: .*at least one/),
    ...everyone('job stores as text', { redis, jobStores: 'default' }, /jobStores/),
    ['Scheduler: zone', scheduler, { redis, timezone: 'Mars' }, /Mars/],
    ['Scheduler: jobDefaults', scheduler, { redis, jobDefaults: { maxInstances: 0 } }, /jobDefaults.*at least 1/],
    [
      'Scheduler: a field of jobDefaults',
      scheduler,
      { redis, jobDefaults: { id: 'x' } },
      /jobDefaults: unknown field "id"/,
    ],
    ['Coordinator: lease', coordinator, { redis, lease: '3' }, /lease: "3" is not a duration/],
    ['Coordinator: a short lease', coordinator, { redis, lease: 10 }, /lease: 10 is too short/],
    ['Worker: no tasks', worker, { redis }, /tasks: give an object of functions/],
    ['Worker: a task that is not a function', worker, { redis, tasks: { a: 1 } }, /tasks: "a" is not a function/],
    ['Worker: a task name', worker, { redis, tasks: { 'a b': () => {} } }, /tasks: "a b" is not a task name/],
    ['Worker: concurrency', worker, { redis, tasks, executors: { default: { concurrency: 0 } } }, /concurrency 0/],
    ['Worker: an executor as text', worker, { redis, tasks, executors: { default: 'x' } }, /executor "default"/],
    [
      'Worker: a kind',
      worker,
      { redis, tasks, executors: { x: { kind: 'fiber' } } },
      /"fiber" is not a kind; there are async, /,
    ],
    [
      'Worker: no taskFile',
      worker,
      { redis, tasks, executors: { x: { kind: 'thread' } } },
      /executor "x".*give the worker a taskFile/,
    ],
    ['Worker: a taskFile', worker, { redis, tasks, taskFile: './nowhere.js' }, /taskFile: there is no file .*nowhere/],
    [
      'Worker: a taskFile elsewhere',
      worker,
      { redis, tasks, taskFile: new URL('http://x/y') },
      /taskFile: http.* not a file/,
    ],
    ['Worker: a taskFile as a module', worker, { redis, tasks, taskFile: tasks }, /taskFile: give the path/],
    ['Worker: no executor', worker, { redis, tasks, executors: {} }, /executors.*at least one/],
    ['Worker: an executor alias', worker, { redis, tasks, executors: { 'a:b': {} } }, /executors.*a:b/],
    ['Worker: shutdownTimeout', worker, { redis, tasks, shutdownTimeout: 'soon' }, /shutdownTimeout: "soon"/],
    ['Carillon: lease', carillon, { redis, tasks, lease: 'x' }, /lease/],
    ['Carillon: tasks', carillon, { redis, tasks: null }, /tasks/],
  ])('options: %s', async (_, make, given, message) => {
    const thrown = await failure(() => make(given as never));
    expect(thrown, thrown.message).toBeInstanceOf(InvalidOptionsError);
    expect(thrown.message).toMatch(message);
    expect(thrown.message).not.toContain('secret');
  });

  it('a job with any other id works from end to end', async () => {
    const { carillon, events } = await together({ ping: (id: string) => id });
    const ids = [
      'a:b:c',
      '123',
      '0',
      '-1',
      ' ',
      'ünï😀',
      '__proto__',
      'constructor',
      '{x}',
      'it\'s "quoted" \\',
      'x'.repeat(255),
    ];
    for (const id of ids) await carillon.addJob({ id, task: 'ping', args: [id], trigger: interval('1h') });
    expect((await carillon.getJobs()).jobs.map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const id of ids) {
      const { runId } = await carillon.runJob(id);
      expect(await events.first('job_executed', (event) => event.runId === runId)).toMatchObject({
        jobId: id,
        value: id,
      });
      await carillon.modifyJob(id, { nextRunTime: new Date() });
      await events.first('job_executed', (event) => event.jobId === id && event.runId !== runId);
      expect(await carillon.getJob(id)).toMatchObject({ id, lastRun: { executed: 2, errors: 0 } });
      await carillon.removeJob(id);
    }
    expect((await carillon.getJobs()).jobs).toEqual([]);
  });
});

function fresh(): { prefix: string; keys: () => Promise<string[]> } {
  const stored = new Stored();
  return { prefix: stored.prefix, keys: () => stored.keys() };
}

const cursorOf = (...parts: string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

const scheduler = (given: never) => new Scheduler(given);
const coordinator = (given: never) => new Coordinator(given);
const worker = (given: never) => new Worker(given);
const carillon = (given: never) => new Carillon(given);

function everyone(
  what: string,
  given: object | undefined,
  message: RegExp,
): [string, (given: never) => unknown, unknown, RegExp][] {
  const withTasks = given && { tasks: { none: () => {} }, ...given };
  return [
    [`Scheduler: ${what}`, scheduler, given && { logger: silent, ...given }, message],
    [`Coordinator: ${what}`, coordinator, given, message],
    [`Worker: ${what}`, worker, withTasks, message],
    [`Carillon: ${what}`, carillon, withTasks, message],
  ];
}
