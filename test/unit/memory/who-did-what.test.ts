import { Coordinator } from '@carillon/coordinator';
import {
  type By,
  type CarillonEvent,
  interval,
  type Job,
  MaxInstancesError,
  type RunHandle,
  Scheduler,
} from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { runTask } from '@carillon/worker/testing';
import { expect, it, onTestFinished } from 'vitest';
import { silent as logger } from '../../support/in-process.js';

const HOURLY = interval('1h');

/** A request to a scheduler with jobs `a` and `b`, of which `a` has a run. `again` puts back what the request takes away. */
interface Asking {
  readonly ask: (scheduler: Scheduler, by: By, given: Given) => Promise<unknown>;
  /** Events that name the actor. */
  readonly events: readonly string[];
}

interface Given {
  readonly job: Job<never>;
  readonly run: RunHandle;
}

/** Each method that changes something. */
const CHANGING: Readonly<Record<string, Asking>> = {
  addJob: { ask: (s, by) => s.addJob({ id: 'c', task: 'a', trigger: HOURLY }, by), events: ['job_added'] },
  'addJob, replacing': {
    ask: (s, by) => s.addJob({ id: 'a', task: 'b', trigger: interval('2h'), replaceExisting: true }, by),
    events: ['job_modified'],
  },
  addJobs: {
    ask: (s, by) =>
      s.addJobs(
        ['c', 'd'].map((id) => ({ id, task: 'a', trigger: HOURLY })),
        by,
      ),
    events: ['job_added', 'job_added'],
  },
  modifyJob: { ask: (s, by) => s.modifyJob('a', { priority: 1 }, by), events: ['job_modified'] },
  rescheduleJob: { ask: (s, by) => s.rescheduleJob('a', interval('2h'), by), events: ['job_modified'] },
  pauseJobs: {
    ask: (s, by) => s.pauseJobs({ text: 'a' }, { ...by, expected: 2 }),
    events: ['job_paused', 'job_paused'],
  },
  resumeJobs: {
    ask: (s, by) => s.pauseJob('a', by).then(() => s.resumeJobs({ state: 'paused' }, { ...by, expected: 1 })),
    events: ['job_paused', 'job_resumed'],
  },
  removeJobs: {
    ask: (s, by) => s.removeJobs({}, { ...by, expected: 2 }),
    events: ['job_removed', 'job_removed'],
  },
  runJobs: {
    ask: (s, by) => s.runJobs({}, { ...by, expected: 2 }),
    events: ['job_max_instances', 'job_submitted'],
  },
  pauseJob: { ask: (s, by) => s.pauseJob('a', by), events: ['job_paused'] },
  resumeJob: {
    ask: (s, by) => s.pauseJob('a', by).then(() => s.resumeJob('a', by)),
    events: ['job_paused', 'job_resumed'],
  },
  removeJob: { ask: (s, by) => s.removeJob('a', by), events: ['job_removed'] },
  'removeJob, with its runs': {
    ask: (s, by) => s.removeJob('a', { cancelRuns: true, ...by }),
    events: ['job_removed', 'job_cancelled'],
  },
  removeAllJobs: { ask: (s, by) => s.removeAllJobs(by), events: ['job_removed', 'job_removed', 'all_jobs_removed'] },
  enqueue: { ask: (s, by) => s.enqueue('a', [], by), events: ['job_submitted'] },
  runJob: { ask: (s, by) => s.runJob('b', by), events: ['job_submitted'] },
  retryRuns: { ask: (s, by) => s.retryRuns({}, { expected: 1, ...by }), events: ['job_submitted'] },
  cancelRun: { ask: (s, by, { run }) => s.cancelRun(run.runId, by), events: ['job_cancelled'] },
  pause: { ask: (s, by) => s.pause(by), events: ['scheduler_paused'] },
  resume: {
    ask: (s, by) => s.pause(by).then(() => s.resume(by)),
    events: ['scheduler_paused', 'scheduler_resumed'],
  },
  restoreQuarantined: {
    ask: (s, by) => s.restoreQuarantined('q', by),
    events: ['job_added'],
  },
  removeQuarantined: { ask: (s, by) => s.removeQuarantined('q', by), events: ['quarantine_removed'] },
  addJobStore: {
    ask: (s, by) => s.addJobStore('late', by).then(() => s.removeJobStore('late', by)),
    events: ['jobstore_added', 'jobstore_removed'],
  },
  removeJobStore: { ask: (s, by) => s.removeJobStore('default', by), events: ['jobstore_removed'] },
  'Job.modify': { ask: (_, by, { job }) => job.modify({ priority: 1 }, by), events: ['job_modified'] },
  'Job.reschedule': { ask: (_, by, { job }) => job.reschedule(interval('2h'), by), events: ['job_modified'] },
  'Job.pause': { ask: (_, by, { job }) => job.pause(by), events: ['job_paused'] },
  'Job.resume': {
    ask: (_, by, { job }) => job.pause(by).then((paused) => paused.resume(by)),
    events: ['job_paused', 'job_resumed'],
  },
  'Job.remove': { ask: (_, by, { job }) => job.remove(by), events: ['job_removed'] },
  'Job.run': { ask: (_, by, { job }) => job.run(by).catch(isFull), events: ['job_max_instances'] },
  'RunHandle.cancel': { ask: (_, by, { run }) => run.cancel(by), events: ['job_cancelled'] },
};

const isFull = (error: unknown) => {
  if (!(error instanceof MaxInstancesError)) throw error;
};

/** Each other method. */
const CHANGING_NOTHING = [
  ...[
    'as',
    'start',
    'shutdown',
    'getJob',
    'getJobs',
    'countFires',
    'countJobs',
    'forecast',
    'recentOutcomes',
    'getChanges',
    'getStoreHistory',
    'indexJobs',
    'getEvents',
    'jobStores',
    'printJobs',
    'getRun',
    'getRuns',
    'previewRetry',
    'getResult',
    'getQuarantined',
  ],
  ...['inspect', 'measure', 'diagnose', 'addListener', 'removeListener', 'explain', 'explainRun', 'audit'],
];

async function setUp() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const events: CarillonEvent[] = [];
  await coordinator.start();
  await clock.advance('2s');
  await scheduler.addJob({ id: 'q', task: 'a', trigger: HOURLY });
  const { records, terms } = cluster.connect().jobStore('default');
  const [read] = (await records.read(['q'])).jobs;
  const event = { type: 'job_quarantined', about: { jobStore: 'default', record: 'job', id: 'q', why: 'why' } };
  const jobs = [{ id: 'q', rev: read?.rev ?? 0, dueAt: read?.pending?.dueAt ?? 0, why: 'why', event }];
  const { leader } = await scheduler.inspect();
  await terms.quarantineJobs({ epoch: leader?.epoch ?? 0, jobs });
  const worker = new Worker({
    backend: cluster.connect(),
    logger,
    tasks: { fails: () => Promise.reject(new Error('no')) },
  });
  await worker.start();
  await scheduler.enqueue('fails');
  await clock.advance('1s');
  await worker.shutdown();
  await coordinator.shutdown();
  await scheduler.addJobs(['a', 'b'].map((id) => ({ id, task: 'a', trigger: HOURLY })));
  const run = await scheduler.runJob('a');
  await scheduler.addListener((event) => events.push(event));
  onTestFinished(() => scheduler.shutdown());
  return { clock, scheduler, events, run };
}

it('each method that changes something is named here', () => {
  const methods = Object.getOwnPropertyNames(Scheduler.prototype).filter((name) => name !== 'constructor');
  const named = Object.keys(CHANGING).flatMap((name) => (name.includes('.') ? [] : name.split(',')[0]));
  expect([...new Set([...named, ...CHANGING_NOTHING])].sort()).toEqual(methods.sort());
});

it.each(Object.entries(CHANGING))('%s: its events say who asked, and why', async (name, { ask, events: types }) => {
  const { clock, scheduler, events, run } = await setUp();
  const view = scheduler.as({ actor: 'ann@example.org' });
  const given = async (of: Scheduler) => ({
    job: (await of.getJob('a')) as unknown as Job<never>,
    run: name === 'RunHandle.cancel' ? await of.enqueue('b', [], { dedupe: { key: 'k', for: '1h' } }) : run,
  });
  const ofView = await given(view);
  await clock.advance(0);
  events.length = 0;
  await ask(view, { reason: 'month end' }, ofView);
  await clock.advance(0);
  const reported = events.map(({ type, ...event }) => [
    type,
    'actor' in event && event.actor,
    'reason' in event && event.reason,
  ]);
  expect(reported).toEqual(types.map((type) => [type, 'ann@example.org', 'month end']));
});

it.each(Object.entries(CHANGING))('%s: who asks is checked before anything is done', async (_, { ask }) => {
  const { clock, scheduler, events, run } = await setUp();
  const job = (await scheduler.getJob('a')) as unknown as Job<never>;
  events.length = 0;
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ actor: '' }, /actor "" has 0 characters; an actor has 1 to 200/],
    [{ actor: 'a'.repeat(201) }, /actor "a+"?… has 201 characters; an actor has 1 to 200/],
    [{ reason: 'r'.repeat(501) }, /reason "r+"?… has 501 characters; a reason has 1 to 500/],
    [{ reason: 'two\nlines' }, /reason "two\\nlines" has a control character/],
    [{ actor: 17 }, /actor 17 must be a string/],
    [{ reason: '\ud800' }, /half a character/],
    [{ actr: 'ann' }, /unknown option actr/],
  ];
  for (const [by, message] of wrong) {
    const asked = async () => ask(scheduler, by as By, { job, run });
    await expect(asked(), JSON.stringify(by)).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      message: expect.stringMatching(message),
    });
  }
  await clock.advance(0);
  expect(events).toEqual([]);
});

it('what is not said is in no event, and what a call says counts before what its view says', async () => {
  const { clock, scheduler, events } = await setUp();
  const view = scheduler.as({ actor: 'a'.repeat(200), reason: 'r'.repeat(500) });
  await scheduler.pauseJob('a');
  await view.as({ actor: 'bob' }).pauseJob('b', { reason: 'once' });
  await view.resumeJob('b', { actor: 'carol' });
  await clock.advance(0);
  expect(events.map((event) => Object.entries(event).filter(([name]) => ['actor', 'reason'].includes(name)))).toEqual([
    [],
    [
      ['actor', 'bob'],
      ['reason', 'once'],
    ],
    [
      ['actor', 'carol'],
      ['reason', 'r'.repeat(500)],
    ],
  ]);
});

it('a view has no connection of its own: what is shut down is what it is a view of', async () => {
  const { scheduler } = await setUp();
  const view = scheduler.as({ actor: 'ann' });
  await view.start();
  await view.shutdown();
  await expect(scheduler.getJobs()).rejects.toMatchObject({ code: 'SHUT_DOWN' });
  await expect(view.as({ actor: 'bob' }).getJobs()).rejects.toMatchObject({ code: 'SHUT_DOWN' });
});

it('what a change misses says who changed it', async () => {
  const { clock, scheduler, events } = await setUp();
  await scheduler.modifyJob('b', { nextRunTime: new Date(clock.now() - 1_000) });
  await scheduler.as({ actor: 'ann' }).removeJob('b', { reason: 'no use' });
  await clock.advance(0);
  expect(events.filter(({ type }) => type === 'job_missed')).toMatchObject([{ actor: 'ann', reason: 'no use' }]);
});

it('a task asks as its run, where it does not say otherwise', async () => {
  const { clock, scheduler, events } = await setUp();
  const cluster = new MemoryCluster({ clock });
  const own = new Scheduler({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const tasks = {
    outer: async () => {
      const { scheduler: inner } = currentRun();
      await inner.addJob({ id: 'x', task: 'inner', trigger: HOURLY });
      await inner.as({ actor: 'ann', reason: 'because' }).pauseJob('x');
      await inner.as({ reason: 'only why' }).resumeJob('x');
      expect(() => inner.as({ actor: '' })).toThrow(/has 0 characters/);
    },
    inner: () => {},
  };
  const worker = new Worker({ backend: cluster.connect(), logger, tasks });
  onTestFinished(async () => {
    for (const member of [own, coordinator, worker]) {
      const down = member.shutdown();
      await clock.advance(10_000);
      await down;
    }
  });
  await own.addListener((event) => events.push(event), ['job_added', 'job_paused', 'job_resumed']);
  await Promise.all([coordinator.start(), worker.start()]);
  await scheduler.shutdown();
  const { runId } = await own.enqueue('outer');
  await clock.advance(1_000);
  const actor = `run ${runId} of outer`;
  expect(events).toMatchObject([
    { type: 'job_added', actor },
    { type: 'job_paused', actor: 'ann', reason: 'because' },
    { type: 'job_resumed', actor, reason: 'only why' },
  ]);
});

it('a task that a unit test calls asks as its run too where it is given a Scheduler', async () => {
  const { clock, scheduler, events } = await setUp();
  const task = async () => {
    await currentRun().scheduler.as({ actor: 'ann' }).pauseJob('a');
  };
  await runTask(task, [], { scheduler });
  await clock.advance(0);
  expect(events).toMatchObject([{ type: 'job_paused', actor: 'ann' }]);
});
