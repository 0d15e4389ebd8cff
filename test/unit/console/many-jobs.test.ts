import { cron, type Scheduler } from '@carillon/core';
import { testCluster } from 'carillon/testing';
import { describe, expect, it } from 'vitest';
import { consoleInMemory } from '../../support/console.js';

const store = 'v1/stores/default';

async function withJobs() {
  const made = consoleInMemory();
  for (const [id, tags] of [
    ['a', ['eu']],
    ['b', ['eu']],
    ['c', ['us']],
  ] as const) {
    await made.scheduler.addJob({ id, task: 'report', tags, trigger: cron('0 9 * * *'), maxInstances: 2 });
  }
  return made;
}

describe('what is done to many jobs', () => {
  it('is done to those that the filter matches, where they are as many as expected', async () => {
    const { ask, scheduler } = await withJobs();
    const filter = { tags: ['eu'], dueBefore: '2026-03-29T09:00:00Z' };
    expect((await ask('GET', `${store}/job-count?tags=eu&dueBefore=2026-03-29T09:00:00Z`)).body).toEqual({ count: 2 });
    expect((await ask('GET', `${store}/job-count`)).body).toEqual({ count: 3 });
    const states = async () => (await scheduler.getJobs()).jobs.map(({ id, paused }) => `${id} ${paused}`).sort();
    const wrong = await ask('POST', `${store}/bulk/pause`, { filter, expected: 3 });
    expect(wrong).toMatchObject({ status: 409, body: { code: 'UNEXPECTED_COUNT' } });
    expect(await states()).toEqual(['a false', 'b false', 'c false']);
    const dry = await ask('POST', `${store}/bulk/pause?dryRun=true`, { filter, expected: 2 });
    expect(dry.body).toMatchObject({ dryRun: true, before: { matched: 2, expected: 2 }, after: { pause: 2 } });
    expect(await states()).toEqual(['a false', 'b false', 'c false']);
    const done = await ask('POST', `${store}/bulk/pause`, { filter, expected: 2, reason: 'month end' });
    expect(done.body).toEqual({ matched: 2, done: 2, unchanged: 0, refused: 0, refusals: [] });
    expect(await states()).toEqual(['a true', 'b true', 'c false']);
    const reported = (await scheduler.getEvents({ types: ['job_paused'] })).events;
    expect(reported).toMatchObject([
      { actor: 'ann', reason: 'month end' },
      { actor: 'ann', reason: 'month end' },
    ]);
    await ask('POST', `${store}/bulk/resume`, { filter: { state: 'paused' }, expected: 2 });
    expect(await states()).toEqual(['a false', 'b false', 'c false']);
    const run = await ask('POST', `${store}/bulk/run`, { filter: { tags: ['eu'] }, expected: 2 });
    expect(run.body).toMatchObject({ done: 2 });
    expect((await scheduler.getRuns()).runs.map(({ jobId }) => jobId).sort()).toEqual(['a', 'b']);
    const removed = await ask('POST', `${store}/bulk/remove`, {
      filter: { tags: ['eu'] },
      expected: 2,
      cancelRuns: true,
    });
    expect(removed.body).toMatchObject({ done: 2 });
    expect((await scheduler.getJobs()).jobs.map(({ id }) => id)).toEqual(['c']);
  });

  it('with an empty filter removes all jobs, for those alone who may do that', async () => {
    const { ask, scheduler } = await withJobs();
    const body = { filter: {}, expected: 3 };
    const as = { actor: 'eve', rights: ['read', 'change'] } as const;
    expect((await ask('POST', `${store}/bulk/remove`, body, { as })).status).toBe(403);
    expect(await scheduler.countJobs()).toBe(3);
    expect((await ask('POST', `${store}/bulk/remove`, body)).body).toMatchObject({ done: 3 });
  });

  it('removes all jobs where they are as many as expected', async () => {
    const { ask, scheduler } = await withJobs();
    const wrong = await ask('DELETE', `${store}/jobs`, { expected: 2 });
    expect(wrong).toMatchObject({ status: 409, body: { code: 'UNEXPECTED_COUNT' } });
    expect(await scheduler.countJobs()).toBe(3);
    expect((await ask('DELETE', `${store}/jobs`, { expected: 3 })).body).toEqual({ count: 3 });
  });
});

describe('many jobs in one call', () => {
  const jobs = [
    { id: 'new-1', task: 'report', tags: ['eu'], trigger: { type: 'cron', expression: '0 9 * * *' } },
    { id: 'new-2', task: 'report', nextRunTime: '2026-04-01T00:00:00Z' },
    { id: 'new-3', task: 'report', nextRunTime: null },
  ];

  it('are added, with one reason for all of them', async () => {
    const { ask, scheduler } = await withJobs();
    const added = [
      { id: 'new-1', nextRunTime: '2026-03-28T09:00:00.000Z' },
      { id: 'new-2', nextRunTime: '2026-04-01T00:00:00.000Z' },
      { id: 'new-3', nextRunTime: null },
    ];
    expect(await ask('POST', `${store}/bulk/add?dryRun=true`, { jobs })).toMatchObject({
      status: 200,
      body: { dryRun: true, before: null, after: { jobs: added } },
    });
    expect(await scheduler.countJobs()).toBe(3);
    const answer = await ask('POST', `${store}/bulk/add`, { jobs, reason: 'moved in' });
    expect(answer).toMatchObject({ status: 201, body: { jobs: added } });
    expect(await scheduler.countJobs()).toBe(6);
    const { events } = await scheduler.getEvents({ types: ['job_added'], jobId: 'new-2' });
    expect(events).toMatchObject([{ actor: 'ann', reason: 'moved in' }]);
  });

  it('are added all or not at all, and as the caller may add each of them', async () => {
    const { ask, scheduler } = await withJobs();
    const wrong = { jobs: [...jobs, { task: 'report', trigger: { type: 'cron', expression: 'never' } }] };
    expect(await ask('POST', `${store}/bulk/add`, wrong)).toMatchObject({ status: 400 });
    expect(await ask('POST', `${store}/bulk/add`, { jobs: [...jobs, { id: 'a', task: 'report' }] })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICTING_ID' },
    });
    expect(await scheduler.countJobs()).toBe(3);
    const as = { actor: 'eve', role: 'admin', tags: ['eu'] } as const;
    expect((await ask('POST', `${store}/bulk/add`, { jobs }, { as })).status).toBe(403);
    const replacing = { jobs: [{ id: 'c', task: 'report', tags: ['eu'], replaceExisting: true }] };
    expect((await ask('POST', `${store}/bulk/add`, replacing, { as })).status).toBe(403);
    expect((await scheduler.getJob('c'))?.tags).toEqual(['us']);
    expect((await ask('POST', `${store}/bulk/add`, { jobs: jobs.slice(0, 1) }, { as })).status).toBe(201);
  });
});

describe('what the page shows', () => {
  it('outcomes of a page of jobs, newest first', async () => {
    const { ask } = await withJobs();
    const { body } = await ask('POST', `${store}/outcomes`, { jobs: ['b', 'a', 'gone'] });
    expect(body).toEqual({ jobs: ['b', 'a', 'gone'].map((jobId) => ({ jobId, outcomes: [] })) });
    const many = Array.from({ length: 201 }, () => 'a');
    expect((await ask('POST', `${store}/outcomes`, { jobs: many }, { wrong: true })).status).toBe(400);
  });

  it('changes of a job, without arguments for a viewer that is not to see them', async () => {
    await using cluster = await testCluster({ tasks: { report: async () => {} }, start: '2026-03-27T12:00:00Z' });
    const scheduler = cluster.scheduler as unknown as Scheduler;
    const { ask } = consoleInMemory({ scheduler });
    await scheduler.addJob({ id: 'a', task: 'report', trigger: cron('0 9 * * *') });
    const bob = scheduler.as({ actor: 'bob', reason: 'why not' });
    await bob.modifyJob('a', { task: 'report', args: ['secret'], priority: 2 });
    const { body } = await ask('GET', `${store}/jobs/a/changes`);
    expect(body.changes).toMatchObject([
      {
        what: 'modified',
        actor: 'bob',
        reason: 'why not',
        changed: [
          { member: 'args', before: [], after: ['secret'] },
          { member: 'priority', before: 0, after: 2 },
        ],
      },
      { what: 'added', actor: null, changed: [] },
    ]);
    const as = { actor: 'vic', role: 'viewer', redact: ['arguments'] } as const;
    const hidden = await ask('GET', `${store}/jobs/a/changes?limit=1`, undefined, { as });
    expect(hidden.body.changes).toMatchObject([{ redacted: true, changed: [{ member: 'args', after: null }, {}] }]);
    expect((await ask('GET', `${store}/jobs/nothing/changes`)).body.code).toBe('JOB_NOT_FOUND');
  });

  it('what is wrong, and what to do', async () => {
    const { ask } = await withJobs();
    const { body } = await ask('GET', `${store}/doctor`);
    expect(body).toMatchObject({
      looked: 3,
      findings: [
        { level: 'error', code: 'no_leader', jobStore: 'default', whatToDo: expect.stringContaining('coordinator') },
        { level: 'error', code: 'no_workers' },
      ],
    });
  });

  it('the history of a job store, and its forecast', async () => {
    await using cluster = await testCluster({ tasks: { report: async () => {} }, start: '2026-03-27T12:00:00Z' });
    const scheduler = cluster.scheduler as unknown as Scheduler;
    const { ask } = consoleInMemory({ scheduler });
    for (const id of 'abc') await scheduler.addJob({ id, task: 'report', trigger: cron('0 9 * * *') });
    await scheduler.as({ actor: 'bob' }).pause();
    const { body } = await ask('GET', `${store}/history?since=2026-03-01T00:00:00Z`);
    expect(body).toMatchObject({ jobStore: 'default', pauses: [{ actor: 'bob', to: null }] });
    const forecast = await ask('GET', `${store}/forecast?by=hour&worst=1`);
    expect(forecast.body).toMatchObject({
      paused: true,
      jobs: 3,
      stepMs: 3_600_000,
      worst: [{ at: '2026-03-28T09:00:00.000Z', fires: 3, jobs: 3 }],
    });
    expect((await ask('GET', `${store}/forecast?to=2027-03-28T09:00:00Z`)).body.code).toBe('INVALID_OPTIONS');
  });
});
