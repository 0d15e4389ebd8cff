import { type By, InvalidOptionsError, type TaskScheduler } from '@carillon/core';

/** The methods of a `TaskScheduler` that a task calls; the others may be missing. */
export type GivenScheduler = { readonly [Method in keyof TaskScheduler]?: (...args: never[]) => unknown };

/** All methods but `as`, which returns at once. */
const METHODS: { readonly [Method in Exclude<keyof TaskScheduler, 'as'>]: true } = {
  enqueue: true,
  addJob: true,
  addJobs: true,
  getJob: true,
  getJobs: true,
  modifyJob: true,
  rescheduleJob: true,
  pauseJob: true,
  resumeJob: true,
  removeJob: true,
  runJob: true,
  getRun: true,
  getRuns: true,
  cancelRun: true,
};

/** The scheduler of a task in a unit test. A method that was not given rejects with an error that says how to give it. */
export function schedulerOf(given: GivenScheduler = {}): TaskScheduler {
  if (typeof given !== 'object' || given === null) {
    throw new InvalidOptionsError(
      'runTask: scheduler is not an object: give a Scheduler, or an object with its methods',
    );
  }
  const names = Object.keys(METHODS) as (keyof TaskScheduler)[];
  const methods = names.map((name) => [name, async (...args: never[]) => calling(given, name)(...args)] as const);
  // Where it was not given, the actor does not matter.
  const as = (by: By) => schedulerOf(given.as ? (given.as(by as never) as GivenScheduler) : given);
  return Object.fromEntries([...methods, ['as', as]]) as unknown as TaskScheduler;
}

function calling(given: GivenScheduler, name: keyof TaskScheduler): (...args: never[]) => unknown {
  const method = given[name];
  if (typeof method === 'function') return method.bind(given);
  throw new InvalidOptionsError(
    `runTask: the task calls scheduler.${name}, which was not given: pass scheduler, such as that of testCluster, or { ${name}: … }`,
  );
}
