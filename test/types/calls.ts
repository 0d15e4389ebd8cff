import { interval, type RunHandle, type Scheduler } from '@carillon/core';
import type { Tasks } from './tasks.js';

declare const scheduler: Scheduler<Tasks>;

export const accepted = [
  scheduler.modifyJob('x', { maxInstances: 2, trigger: interval('5m'), nextRunTime: null }),
  scheduler.modifyJob('x', { task: 'ping' }),
  scheduler.modifyJob('x', { task: 'report.daily', args: ['eu', { format: 'pdf' }] }),
  scheduler.modifyJob('x', { task: 'report.daily', args: ['eu'], kwargs: { format: 'pdf' } }, { jobStore: 'other' }),
  scheduler.getJob('x').then((job) => job?.modify({ task: 'sum', args: [1] })),
  scheduler.getJobs().then(({ jobs, cursor }) => scheduler.getJobs({ limit: jobs.length, cursor })),
  scheduler.rescheduleJob('x', interval({ hours: 1 })),
  scheduler.enqueue('ping'),
  scheduler.enqueue('ping', [], { executor: 'slow' }),
  scheduler.enqueue('greet', ['Ada']),
  scheduler.enqueue('greet', ['Ada', 'Dr'], { jobStore: 'other' }),
  scheduler.enqueue('sum'),
  scheduler.enqueue('ping', [], { retry: { attempts: 3 }, timeout: '5s', priority: 1, history: { age: '1d' } }),
  scheduler.modifyJob('x', { maxRuns: null, retry: null, timeout: null, history: null, overlap: 'queue' }),
  scheduler.getJob('x').then((job) => job && scheduler.modifyJob('x', { retry: job.retry, history: job.history })),
  scheduler.removeJob('x', { cancelRuns: true, jobStore: 'other' }),
  scheduler.cancelRun('x').then((how: 'cancelled' | 'cancelling') => how),
  scheduler.getRun('x', { jobStore: 'other' }),
  scheduler.getRuns('x', { limit: 5 }),
  scheduler.runJob('x').then((run: RunHandle) => run.runId),
];

export const refused = [
  // @ts-expect-error args need their task beside them
  scheduler.modifyJob('x', { args: [1] }),
  // @ts-expect-error so do kwargs
  scheduler.modifyJob('x', { kwargs: { format: 'pdf' } }),
  // @ts-expect-error a task with required parameters needs its args
  scheduler.modifyJob('x', { task: 'report.daily' }),
  // @ts-expect-error and the right ones
  scheduler.modifyJob('x', { task: 'sum', args: ['1'] }),
  // @ts-expect-error a job keeps its id
  scheduler.modifyJob('x', { id: 'y' }),
  // @ts-expect-error through the job too
  scheduler.getJob('x').then((job) => job?.modify({ args: [1] })),
  // @ts-expect-error there is no such task
  scheduler.enqueue('pong'),
  // @ts-expect-error required arguments
  scheduler.enqueue('greet'),
  // @ts-expect-error a wrong argument
  scheduler.enqueue('greet', [1]),
  // @ts-expect-error JSON cannot carry it
  scheduler.enqueue('when', [new Date()]),
  scheduler.enqueue('ping', [], {
    delay: '5s',
    misfireGraceTime: null,
    dedupe: { key: 'k', for: '1h' },
    history: 'none',
  }),
  scheduler.enqueue('ping', [], { at: new Date() }),
  // @ts-expect-error an unknown option
  scheduler.enqueue('ping', [], { after: 5 }),
  // @ts-expect-error a window lasts for some time
  scheduler.enqueue('ping', [], { dedupe: { key: 'k' } }),
  // @ts-expect-error a run without a job overlaps nothing
  scheduler.enqueue('ping', [], { overlap: 'queue' }),
  // @ts-expect-error nor are there others that its history could count
  scheduler.enqueue('ping', [], { history: { perJob: 5 } }),
  // @ts-expect-error the job store is chosen in the options
  scheduler.cancelRun('x', 'other'),
  // @ts-expect-error it is cancelRuns
  scheduler.removeJob('x', { cancel: true }),
  // @ts-expect-error an interval needs a unit
  scheduler.rescheduleJob('x', interval('5')),
];
