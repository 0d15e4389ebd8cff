import { type EventType, interval, Scheduler } from '@carillon/core';
import { systemChance } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';
import { Leader } from '../../../../packages/coordinator/src/leader.js';
import { parseEvent } from '../../../../packages/core/src/event/schema.js';
import { FireAccount } from '../../../support/fire-account.js';
import { silent } from '../../../support/in-process.js';

const START = Date.parse('2026-11-01T00:00:00Z');
/** How often jobs fire, and how much time passes between a reading and the write of the decision. */
const STEP_MS = 10;

/**
 * A job store in which every job fires between each reading of a scheduler and its write: the scheduler cannot be quick
 * enough. `calls` are the scheduler's calls to the store.
 */
async function busyStore() {
  const clock = new VirtualClock(new Date(START));
  const messages: string[] = [];
  const onPublish = (_: string, channel: string, message: string) => {
    if (channel.startsWith('events:')) messages.push(message);
  };
  const cluster = new MemoryCluster({ clock, onPublish });
  const leading = cluster.connect();
  const { terms, contenders } = leading.jobStore('default');
  const lock = await leading.election('default', 1e9).acquire();
  const epoch = await terms.beginTerm({ lock: lock?.value ?? '', coordinatorId: 'c' });
  // From now on, accounts are kept.
  await contenders.show({
    ...{ coordinatorId: 'c', aliveMs: 1e9, number: 1, leads: 1, epoch, born: null },
    emptied: { type: 'jobstore_emptied', about: { jobStore: 'default' } },
  });
  const queue = {
    add: async (given: readonly unknown[]) => given.map(() => ({ status: 'queued' }) as const),
    waiting: async () => 0,
    close: async () => {},
  };
  const parts = { jobStore: 'default', terms, queue, clock, chance: systemChance, report: () => {}, leaseMs: 1e9 };
  const leader = new Leader(parts);
  const fire = async () => {
    await clock.advance(STEP_MS);
    for (let sleep = 0; sleep === 0; ) sleep = await leader.tick(epoch ?? 0);
  };
  const calls: string[] = [];
  let isBusy = false;
  const readings: number[] = [];
  const backend = cluster.connect({
    carry: async (name, effect) => {
      calls.push(name);
      if (name === 'read') readings.push(clock.now());
      if (isBusy && name === 'put') await fire();
      return effect();
    },
  });
  return {
    calls,
    fire,
    scheduler: new Scheduler({ backend, logger: silent }),
    schedule: () => cluster.contents('default').schedule,
    begin: () => {
      isBusy = true;
      calls.length = 0;
    },
    /** When jobs were read. */
    readings,
    isHeld: () => cluster.contents('default').held.size > 0,
    /** What was published. */
    events: () => messages.flatMap((message) => parseEvent(message) ?? []),
  };
}

type Spec = Parameters<Scheduler['addJobs']>[0][number];

const COUNT = 4;
const LIMIT = { maxRuns: 2_000 };
const every = (ms: number) => ({ task: `every.${ms}`, trigger: interval({ milliseconds: ms }) });

function specs(more: Partial<Spec> = {}): Spec[] {
  const common = { ...every(STEP_MS), args: ['v1'], maxInstances: 1_000_000, replaceExisting: true };
  return Array.from({ length: COUNT }, (_, index) => ({ id: `job-${index}`, ...common, ...more }) as Spec);
}

async function each(change: (id: string) => Promise<unknown>): Promise<void> {
  for (const { id = '' } of specs()) await change(id);
}

interface BusyCall {
  /** How the jobs are at first. */
  readonly first?: Partial<Spec>;
  readonly call: (scheduler: Scheduler) => Promise<unknown>;
  /** The event of each job. */
  readonly reported: EventType;
  /** The most writes: one for the call or for each job, where it does not matter that a job has fired. */
  readonly puts?: number;
}

const CALLS: Record<string, BusyCall> = {
  'other arguments': { call: (it) => it.addJobs(specs({ args: ['v2'] })), reported: 'job_modified', puts: 1 },
  'another policy': { call: (it) => it.addJobs(specs({ coalesce: false })), reported: 'job_modified', puts: 1 },
  'another trigger': { call: (it) => it.addJobs(specs(every(25))), reported: 'job_modified' },
  'a limit': { call: (it) => it.addJobs(specs(LIMIT)), reported: 'job_modified' },
  'the same limit': {
    first: LIMIT,
    call: (it) => it.addJobs(specs({ ...LIMIT, args: ['v2'] })),
    reported: 'job_modified',
    puts: 1,
  },
  'all removed': { call: (it) => it.removeAllJobs(), reported: 'job_removed' },
  removed: { call: (it) => each((id) => it.removeJob(id)), reported: 'job_removed' },
  paused: { call: (it) => each((id) => it.pauseJob(id)), reported: 'job_paused' },
  'paused, with a limit': { first: LIMIT, call: (it) => each((id) => it.pauseJob(id)), reported: 'job_paused' },
  modified: {
    call: (it) => each((id) => it.modifyJob(id, { task: 'every.10', args: ['v2'] })),
    reported: 'job_modified',
    puts: COUNT,
  },
  limited: { call: (it) => each((id) => it.modifyJob(id, LIMIT)), reported: 'job_modified' },
  rescheduled: {
    call: (it) => each((id) => it.modifyJob(id, { ...every(25), args: [] })),
    reported: 'job_modified',
  },
  'fire times reported': {
    call: (it) => each((id) => it.modifyJob(id, { nextRunTime: new Date(START + 60_000) })),
    reported: 'job_modified',
  },
};

for (const [what, { first = {}, call, reported, puts }] of Object.entries(CALLS)) {
  test(`jobs that fire whenever they were read are changed anyway: ${what}`, async () => {
    const store = await busyStore();
    await store.scheduler.addJobs(specs(first));
    await store.fire();
    const before = store.events().length;
    store.begin();
    await call(store.scheduler);
    const asked = store.calls.filter((name) => name === 'put').length;
    expect(asked).toBeLessThanOrEqual(puts ?? 3 * COUNT);
    expect(store.isHeld()).toBe(false);
    const changed = store
      .events()
      .slice(before)
      .filter(({ type }) => type === reported);
    expect(changed.map((event) => 'jobId' in event && event.jobId).sort()).toEqual(specs().map(({ id }) => id));
    await store.fire();
    const account = new FireAccount(store.events());
    expect(account.faults).toEqual([]);
    // A change removes no fire time that was due when the job was read.
    const early = account.ended.filter(
      ({ at, next }) => next <= (store.readings.findLast((read) => read < Number(at)) ?? 0),
    );
    expect(early).toEqual([]);
  });
}

test('a fire time that was claimed before a change was written is explained by the job as it was then', async () => {
  const store = await busyStore();
  await store.scheduler.addJobs(specs());
  await store.fire();
  const revOf = async (id: string) => (await store.scheduler.getJob(id))?.revision ?? 0;
  const before = await revOf('job-0');
  const claimed = () =>
    store
      .events()
      .flatMap((event) => (event.type === 'job_submitted' && event.jobId === 'job-0' ? event.scheduledRunTimes : []));
  store.begin();
  await store.scheduler.modifyJob('job-0', { coalesce: false });
  const changed = await revOf('job-0');
  const [earlier, last] = [claimed(), claimed().at(-1)];
  await store.fire();
  const explain = async (instant: Date) => (await store.scheduler.explain('job-0', instant)).evidence.revision?.rev;
  // The last of the earlier fire times was claimed after the change had read the job.
  expect(last?.getTime()).toBeGreaterThan(Number(store.readings[0]));
  for (const instant of earlier) expect(await explain(instant)).toBe(before);
  for (const instant of claimed().slice(earlier.length)) expect(await explain(instant)).toBe(changed);
  expect(claimed().length).toBeGreaterThan(earlier.length);
});

test('new jobs and changed ones in one call: of many that fire meanwhile each is changed, once', async () => {
  const store = await busyStore();
  const many = (more: Partial<Spec>) =>
    Array.from({ length: 200 }, (_, index) => ({ ...specs(more)[0], id: `job-${index}` }) as Spec);
  await store.scheduler.addJobs(many({}).slice(0, 150));
  store.begin();
  const jobs = await store.scheduler.addJobs(many({ args: ['v2'] }));
  expect(jobs.map(({ args }) => args[0])).toEqual(jobs.map(() => 'v2'));
  expect(store.calls.filter((name) => name === 'put')).toHaveLength(1);
  expect(store.schedule().size).toBe(200);
});
