import { cron, date, interval, Scheduler } from '@carillon/core';
import { Money, type Tasks } from './tasks.js';

declare const scheduler: Scheduler<Tasks>;

/** Calls that compile. */
export const accepted = [
  scheduler.addJob({ task: 'ping' }),
  scheduler.addJob({ task: 'ping', args: [] }),
  scheduler.addJob({ task: 'report.daily', args: ['eu', { format: 'pdf' }], trigger: cron('0 9 * * 1-5') }),
  scheduler.addJob({ task: 'report.daily', args: ['eu'], kwargs: { format: 'csv' } }),
  scheduler.addJob({ task: 'greet', args: ['Ada'] }),
  scheduler.addJob({ task: 'greet', args: ['Ada', 'Dr'] }),
  scheduler.addJob({ task: 'resize', args: [{ id: 1 }] }),
  scheduler.addJob({ task: 'resize', kwargs: { id: 1, sizes: [[1, 2]] } }),
  scheduler.addJob({ task: 'optional', args: [1] }),
  scheduler.addJob({ task: 'optional', args: [1, { dry: true }] }),
  scheduler.addJob({ task: 'optional', args: [1], kwargs: { dry: true } }),
  scheduler.addJob({ task: 'sum' }),
  scheduler.addJob({ task: 'sum', args: [1, 2, 3] }),
  scheduler.addJob({ task: 'either', args: ['a'] }),
  scheduler.addJob({ task: 'either', args: [{ id: 1 }] }),
  scheduler.addJob({ task: 'either', args: [null] }),
  scheduler.addJob({ task: 'anything', args: [{ a: [1, null, 'x', { b: true }] }] }),
  scheduler.addJob({ task: 'generic', args: [{ id: 'x' }] }),
  scheduler.addJob({ task: 'list', args: [[1, 2]] }),
  scheduler.addJob({ task: 'report', args: [{ name: 'E', message: 'm' }] }),
  scheduler.addJob({ task: 'report', kwargs: { name: 'E', message: 'm' } }),
  scheduler.addJob({ task: 'reported', args: [{ name: 'E', message: 'm', stack: '' }] }),
  scheduler.addJob({ task: 'ping', trigger: interval({ minutes: 5 }), misfireGraceTime: '40s', maxInstances: 2 }),
  scheduler.addJob({ task: 'ping', trigger: date(new Date()), nextRunTime: null, replaceExisting: true, name: 'n' }),
  scheduler.addJob({ task: 'ping', retry: { attempts: 5, backoff: { type: 'fixed', delay: '5s', jitter: 0.5 } } }),
  scheduler.addJob({ task: 'ping', retry: { attempts: 5, backoff: { delay: 100, maxDelay: '1m' } }, timeout: '1m' }),
  scheduler.addJob({ task: 'ping', overlap: 'replace', priority: 5, maxRuns: 10, history: { perJob: 5, age: '1d' } }),
  scheduler.addJob({ task: 'ping', retry: null, timeout: null, maxRuns: null, history: {} }),
  scheduler.addJobs([{ task: 'ping' }, { task: 'sum', args: [1] }]),
];

/** Calls that do not compile, each for one reason. */
export const refused = [
  // @ts-expect-error there is no such task
  scheduler.addJob({ task: 'pong' }),
  // @ts-expect-error a job has a task
  scheduler.addJob({ id: 'x' }),
  // @ts-expect-error args are required where the task has required parameters
  scheduler.addJob({ task: 'report.daily' }),
  // @ts-expect-error ... all of them
  scheduler.addJob({ task: 'report.daily', args: ['eu'] }),
  // @ts-expect-error a wrong argument
  scheduler.addJob({ task: 'report.daily', args: [1, { format: 'pdf' }] }),
  // @ts-expect-error a wrong member of an argument
  scheduler.addJob({ task: 'report.daily', args: ['eu', { format: 'doc' }] }),
  // @ts-expect-error one argument too many
  scheduler.addJob({ task: 'ping', args: [1] }),
  // @ts-expect-error one too many after an optional one
  scheduler.addJob({ task: 'greet', args: ['Ada', 'Dr', 3] }),
  // @ts-expect-error a rest parameter's element
  scheduler.addJob({ task: 'sum', args: [1, '2'] }),
  // @ts-expect-error kwargs are an object, not a string
  scheduler.addJob({ task: 'greet', kwargs: { name: 'Ada' } }),
  // @ts-expect-error the parameters before kwargs are still required
  scheduler.addJob({ task: 'report.daily', kwargs: { format: 'pdf' } }),
  // @ts-expect-error the final parameter either in args or in kwargs
  scheduler.addJob({ task: 'report.daily', args: ['eu', { format: 'pdf' }], kwargs: { format: 'pdf' } }),
  // @ts-expect-error a wrong member of kwargs
  scheduler.addJob({ task: 'report.daily', args: ['eu'], kwargs: { format: 'doc' } }),
  // @ts-expect-error a member that kwargs do not have
  scheduler.addJob({ task: 'report.daily', args: ['eu'], kwargs: { format: 'pdf', pages: 1 } }),
  // @ts-expect-error the constraint of a generic task
  scheduler.addJob({ task: 'generic', args: [{ name: 'x' }] }),
  // @ts-expect-error even where anything goes, JSON must carry it
  scheduler.addJob({ task: 'anything', args: [new Date()] }),
  // @ts-expect-error JSON makes null of it
  scheduler.addJob({ task: 'list', args: [[undefined]] }),
  // @ts-expect-error Date
  scheduler.addJob({ task: 'when', args: [new Date()] }),
  // @ts-expect-error Date, deep inside
  scheduler.addJob({ task: 'nested', args: [{ deep: [{ at: new Date() }] }] }),
  // @ts-expect-error Date, deep inside kwargs
  scheduler.addJob({ task: 'nested', kwargs: { deep: [{ at: new Date() }] } }),
  // @ts-expect-error a string does not become a Date
  scheduler.addJob({ task: 'when', args: ['2026-01-01'] }),
  // @ts-expect-error Map
  scheduler.addJob({ task: 'lookup', args: [new Map([['a', 1]])] }),
  // @ts-expect-error Set
  scheduler.addJob({ task: 'members', args: [new Set(['a'])] }),
  // @ts-expect-error function
  scheduler.addJob({ task: 'callback', args: [() => {}] }),
  // @ts-expect-error class instance
  scheduler.addJob({ task: 'money', args: [new Money(5)] }),
  // @ts-expect-error Error
  scheduler.addJob({ task: 'failure', args: [new Error('x')] }),
  // @ts-expect-error bytes
  scheduler.addJob({ task: 'bytes', args: [new Uint8Array(3)] }),
  // @ts-expect-error bigint
  scheduler.addJob({ task: 'big', args: [1n] }),
  // @ts-expect-error an unknown field
  scheduler.addJob({ task: 'ping', retries: 3 }),
  // @ts-expect-error a unit that durations do not have
  scheduler.addJob({ task: 'ping', misfireGraceTime: '40 sec' }),
  // @ts-expect-error retrying says how often
  scheduler.addJob({ task: 'ping', retry: { backoff: { delay: '1s' } } }),
  // @ts-expect-error a backoff has a delay
  scheduler.addJob({ task: 'ping', retry: { attempts: 2, backoff: { type: 'fixed' } } }),
  // @ts-expect-error there is no such backoff
  scheduler.addJob({ task: 'ping', retry: { attempts: 2, backoff: { type: 'linear', delay: '1s' } } }),
  // @ts-expect-error a timeout has a unit
  scheduler.addJob({ task: 'ping', timeout: '5 seconds' }),
  // @ts-expect-error there is no such overlap
  scheduler.addJob({ task: 'ping', overlap: 'wait' }),
  // @ts-expect-error priorities are numbers
  scheduler.addJob({ task: 'ping', priority: 'high' }),
  // @ts-expect-error a member that a history does not have
  scheduler.addJob({ task: 'ping', history: { keep: 5 } }),
  // @ts-expect-error a trigger is made by a factory, or has a type
  scheduler.addJob({ task: 'ping', trigger: '*/5 * * * *' }),
  // @ts-expect-error one of many specs is wrong
  scheduler.addJobs([{ task: 'ping' }, { task: 'sum', args: ['1'] }]),
];

/** Options that may hold for all jobs of a scheduler. */
export const defaults = [
  new Scheduler({ redis: '', jobDefaults: { retry: { attempts: 3 }, timeout: '1m', history: { age: '1d' } } }),
  // @ts-expect-error how many runs there are to be is of each job
  new Scheduler({ redis: '', jobDefaults: { maxRuns: 5 } }),
];
