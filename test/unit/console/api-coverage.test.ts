import { Scheduler } from '@carillon/core';
import { expect, it } from 'vitest';
import { ROUTES } from '../../../packages/console/src/api/routes.js';

/** The route for each method of the scheduler, or `none:` and why there is no route. */
const METHODS: Readonly<Record<string, string>> = {
  as: 'none: the actor is that of the caller, and each write takes a reason in its body',
  jobStores: 'listStores',
  start: 'none: the console is given a scheduler that is started',
  addJob: 'addJob',
  addJobs: 'addJobs',
  getJob: 'getJob',
  getJobs: 'listJobs',
  countJobs: 'countJobs',
  indexJobs: 'none: the console does it itself, if a user looks at a long list',
  pauseJobs: 'pauseJobs',
  resumeJobs: 'resumeJobs',
  removeJobs: 'removeJobs',
  runJobs: 'runJobs',
  modifyJob: 'modifyJob',
  rescheduleJob: 'rescheduleJob',
  pauseJob: 'pauseJob',
  resumeJob: 'resumeJob',
  removeJob: 'removeJob',
  removeAllJobs: 'removeAllJobs',
  printJobs: 'listJobs',
  enqueue: 'enqueue',
  runJob: 'runJob',
  getRun: 'getRun',
  getRuns: 'listRuns',
  previewRetry: 'retryRuns',
  retryRuns: 'retryRuns',
  explain: 'explainJob',
  explainRun: 'explainRun',
  countFires: 'countFires',
  recentOutcomes: 'recentOutcomes',
  getChanges: 'listChanges',
  getStoreHistory: 'storeHistory',
  audit: 'audit',
  forecast: 'forecast',
  getResult: 'getResult',
  cancelRun: 'cancelRun',
  pause: 'pauseStore',
  resume: 'resumeStore',
  inspect: 'inspectStore',
  measure: 'measureStore',
  diagnose: 'diagnoseStore',
  getQuarantined: 'listQuarantined',
  restoreQuarantined: 'restoreQuarantined',
  removeQuarantined: 'removeQuarantined',
  addJobStore:
    'none: the program that makes the console has the address and the password of the Redis that a job store is on',
  removeJobStore: 'none: it takes the job store from that program, too, which goes on using it',
  addListener: 'streamEvents',
  removeListener: 'none: a client closes its stream',
  getEvents: 'listEvents',
  shutdown: 'none: the program that started the scheduler shuts it down',
};

/** Routes that belong to one request or to the console, and to no method. */
const OWN = ['retryRun', 'listWorkers', 'previewJob', 'previewTrigger', 'listRunsOfJob', 'getQuarantined'];

const methods = Object.getOwnPropertyNames(Scheduler.prototype).filter((name) => name !== 'constructor');
const routes = ROUTES.map(({ operationId }) => operationId);

it.each(methods)('what Scheduler.%s does is reached over HTTP', (method) => {
  const does = METHODS[method];
  expect(does, `${method}: name its route in METHODS, or why there is none`).toBeDefined();
  if (!does?.startsWith('none: ')) expect(routes).toContain(does);
});

it('and nothing is named that is not a method, or no route, any more', () => {
  expect(Object.keys(METHODS).filter((name) => !methods.includes(name))).toEqual([]);
  const named = new Set([...Object.values(METHODS), ...OWN]);
  expect(routes.filter((name) => !named.has(name))).toEqual([]);
});
