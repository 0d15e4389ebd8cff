import { Scheduler } from '@carillon/core';

const scheduler = new Scheduler({ redis: 'redis://localhost:6379' });

/** Without a type, any task takes any arguments that JSON can carry. */
export const accepted = [
  scheduler.addJob({ task: 'whatever' }),
  scheduler.addJob({ task: 'whatever', args: [1, 'a', null, { b: [true] }], kwargs: { c: 1 } }),
  scheduler.modifyJob('x', { task: 'whatever', args: [1] }),
  scheduler.enqueue('whatever'),
  scheduler.enqueue('whatever', ['a', { b: 1 }]),
];

export const refused = [
  // @ts-expect-error Date
  scheduler.addJob({ task: 'whatever', args: [new Date()] }),
  // @ts-expect-error Map
  scheduler.addJob({ task: 'whatever', kwargs: { m: new Map() } }),
  // @ts-expect-error function
  scheduler.enqueue('whatever', [() => {}]),
  // @ts-expect-error a job has a task
  scheduler.addJob({ args: [1] }),
  // @ts-expect-error args need their task
  scheduler.modifyJob('x', { args: [1] }),
  // @ts-expect-error an unknown field
  scheduler.addJob({ task: 'whatever', retries: 3 }),
  // @ts-expect-error where Redis is must be said
  new Scheduler({}),
  // @ts-expect-error an unknown option
  new Scheduler({ redis: 'redis://localhost', host: 'x' }),
];
