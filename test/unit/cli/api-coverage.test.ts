import { Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { Carillon } from 'carillon';
import { describe, expect, it } from 'vitest';
import { allCommands } from '../../integration/cli/commands.js';

/** The command for each method of the API, or `none:` and why there is no command. */
const METHODS: Readonly<Record<string, string>> = {
  as: 'none: --actor and --reason of each command that changes something',
  jobStores: 'none: a command has its job stores from --job-store',
  start: 'job-stores add',
  addJob: 'jobs add',
  addJobs: 'jobs import',
  getJob: 'jobs show',
  getJobs: 'jobs list',
  countJobs: 'jobs list',
  pauseJobs: 'jobs pause',
  resumeJobs: 'jobs resume',
  removeJobs: 'jobs remove',
  runJobs: 'jobs run',
  modifyJob: 'jobs modify',
  rescheduleJob: 'jobs reschedule',
  pauseJob: 'jobs pause',
  resumeJob: 'jobs resume',
  removeJob: 'jobs remove',
  removeAllJobs: 'jobs remove',
  printJobs: 'jobs list',
  enqueue: 'enqueue',
  runJob: 'jobs run',
  getRun: 'runs show',
  getRuns: 'runs list',
  previewRetry: 'runs retry',
  retryRuns: 'runs retry',
  explain: 'explain',
  explainRun: 'explain',
  countFires: 'none: `explain --from --to` lists each of them; the console draws them by buckets',
  recentOutcomes: 'none: `explain` says each outcome of a period, of one job',
  getChanges: 'none: `events` and `explain` name who changed a job; the console shows all of it',
  getStoreHistory: 'none: `explain` says who led at an instant; the console shows all of it',
  indexJobs: 'none: it is for processes that search again and again; a command searches once',
  audit: 'audit',
  forecast: 'forecast',
  getResult: 'runs wait',
  cancelRun: 'runs cancel',
  pause: 'jobs pause',
  resume: 'jobs resume',
  inspect: 'doctor',
  measure: 'doctor',
  diagnose: 'doctor',
  getQuarantined: 'quarantine list',
  restoreQuarantined: 'quarantine restore',
  removeQuarantined: 'quarantine remove',
  addJobStore: 'job-stores add',
  removeJobStore: 'job-stores forget',
  addListener: 'events',
  getEvents: 'events',
  removeListener: 'none: `events` ends with a signal, or after --count',
  shutdown: 'none: each command disconnects by itself',
  health: 'health',
  addExecutor: 'none: a running worker takes no orders; `worker --executor` names them as it starts',
  addTask: 'none: a running worker takes no orders; `worker --tasks` names its file as it starts',
  removeTask: 'none: a running worker takes no orders; start one with other tasks, and end this one',
  removeExecutor: 'none: a running worker takes no orders; start one with other executors, and end this one',
};

/** Methods that change something: their commands take an actor and a reason. */
const CHANGING = [
  ...[
    'addJob',
    'addJobs',
    'modifyJob',
    'rescheduleJob',
    'pauseJob',
    'pauseJobs',
    'resumeJobs',
    'removeJobs',
    'runJobs',
    'resumeJob',
    'removeJob',
    'removeAllJobs',
    'enqueue',
  ],
  ...['runJob', 'cancelRun', 'pause', 'resume', 'restoreQuarantined', 'removeQuarantined', 'removeJobStore'],
];

/** The option of `jobs add` and `jobs modify` for each field of a job. */
const JOB_FIELDS: Readonly<Record<string, string>> = {
  id: '--id',
  name: '--name',
  tags: '--tag',
  description: '--description',
  task: '<task>',
  args: '--args',
  kwargs: '--kwargs',
  trigger: '--trigger',
  jobStore: '--job-store',
  executor: '--executor',
  maxInstances: '--max-instances',
  misfireGraceTime: '--misfire-grace-time',
  coalesce: '--coalesce',
  overlap: '--overlap',
  priority: '--priority',
  timeout: '--timeout',
  retry: '--retry',
  history: '--history',
  account: '--account',
  nextRunTime: '--next-run-time',
  maxRuns: '--max-runs',
  metrics: '--metrics',
  replaceExisting: '--replace',
  requireTask: '--require-task',
};

/** The fields of `enqueue` whose options have other names. */
const ENQUEUE_FIELDS: Readonly<Record<string, string>> = {
  ...JOB_FIELDS,
  history: '--history-age',
  delay: '--delay',
  at: '--at',
  dedupe: '--dedupe-key',
  actor: '--actor',
  reason: '--reason',
};

const commands = new Map((await allCommands()).map(({ path, command }) => [path.join(' '), command]));

function optionsOf(command: string): (string | undefined)[] {
  return commands.get(command)?.options.map(({ long }) => long ?? undefined) ?? [];
}

/** The fields that a call allows, from its error for one that it does not. */
async function fieldsOf(call: (scheduler: Scheduler) => Promise<unknown>): Promise<string[]> {
  const scheduler = new Scheduler({ backend: new MemoryCluster().connect() });
  await scheduler.addJob({ id: 'x', task: 'a' });
  const message: string = await call(scheduler).then(
    () => '',
    (error: Error) => error.message,
  );
  const [, fields = ''] = /(?:allowed|known) are (.*)$/.exec(message) ?? [];
  return fields.split(', ').filter((field) => field !== '');
}

describe('what the API can do, the command line can', () => {
  const methods = [Scheduler, Carillon, Worker]
    .flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))
    .filter((name) => name !== 'constructor');

  it.each([...new Set(methods)])('%s', (method) => {
    const does = METHODS[method];
    expect(does, `${method}: name its command in METHODS, or why there is none`).toBeDefined();
    if (!does?.startsWith('none: ')) expect([...commands.keys()]).toContain(does);
  });

  it.each(CHANGING)('%s: its command takes who asks, and why', (method) => {
    expect(optionsOf(METHODS[method] ?? '')).toEqual(expect.arrayContaining(['--actor', '--reason']));
  });

  it('and nothing is mapped that is not a method any more', () => {
    expect(Object.keys(METHODS).filter((name) => !methods.includes(name))).toEqual([]);
  });

  it.each([
    ['jobs add', (scheduler: Scheduler) => scheduler.addJob({ task: 'a', nothing: 1 } as never), JOB_FIELDS],
    [
      'jobs modify',
      (scheduler: Scheduler) => scheduler.modifyJob('x', { nothing: 1 } as never),
      { ...JOB_FIELDS, task: '--task', trigger: '' },
    ],
    ['enqueue', (scheduler: Scheduler) => scheduler.enqueue('a', [], { nothing: 1 } as never), ENQUEUE_FIELDS],
  ] as const)('every field of %s', async (command, call, map) => {
    const fields = await fieldsOf(call);
    expect(fields.length).toBeGreaterThan(4);
    const options = optionsOf(command);
    for (const field of fields) {
      const option: string | undefined = (map as Readonly<Record<string, string>>)[field];
      expect(option, `${command}: an option for ${field}`).toBeDefined();
      // `jobs reschedule` changes a trigger.
      if (option?.startsWith('--')) expect(options, field).toContain(option);
    }
  });
});
