import { cron, interval } from '@carillon/core';
import type { JobStore } from '@carillon/core/internal';
import { Worker } from '@carillon/worker';
import { testCluster } from 'carillon/testing';
import { expect, it } from 'vitest';
import { Explainer } from '../../../packages/core/src/account/read/explainer.js';
import { RunLives } from '../../../packages/core/src/account/read/run-lives.js';
import { silent as logger } from '../../support/in-process.js';

const START = '2026-10-24T12:00:00Z';
const FIRST = new Date('2026-10-24T12:01:00Z');
const each = (seconds: number) => interval({ seconds, startAt: FIRST });

/** A cluster, and a function that explains the first fire time of job `j`. */
async function clusterOf<T extends Record<string, () => Promise<unknown>>>(tasks: T, start = START) {
  const cluster = await testCluster({ tasks, start });
  const explained = (at: Date | string = FIRST) => cluster.scheduler.explain('j', at);
  return { cluster, clock: cluster.clock, scheduler: cluster.scheduler, explained };
}

const hangs = async () => new Promise<never>(() => {});
const quick = async () => 'done';

it('what was late while the store was paused is not said to have had no leader: the first one leads yet', async () => {
  const { cluster, clock, scheduler, explained } = await clusterOf({ quick });
  await using _ = cluster;
  await scheduler.addJob({ id: 'j', task: 'quick', trigger: each(600), misfireGraceTime: '1m' });
  await clock.advance('55s');
  await scheduler.as({ actor: 'Bob' }).pause({ reason: 'deploy' });
  await clock.advance('10s');
  const meanwhile = await explained();
  expect(meanwhile).toMatchObject({ code: 'store_paused', evidence: { causes: [{ kind: 'store_paused' }] } });
  await scheduler.resume();
  await clock.advance('5s');
  const { sentence, evidence } = await explained();
  expect(sentence).toMatch(
    /planning 5 s.* Meanwhile Bob had paused the job store at .* because of 'deploy', until [^;]*\.$/,
  );
  expect(evidence.causes).toHaveLength(1);
});

it('an attempt that failed is named, while the run is to be tried again and once it has ended', async () => {
  let calls = 0;
  const flaky = async () => {
    if (++calls === 1) throw new TypeError('no such file');
  };
  const { cluster, clock, scheduler, explained } = await clusterOf({ flaky });
  await using _ = cluster;
  const retry = { attempts: 3, backoff: { type: 'fixed', delay: '10s' } } as const;
  await scheduler.addJob({ id: 'j', task: 'flaky', trigger: each(600), misfireGraceTime: '2s', retry });
  await clock.advance('65s');
  expect((await explained()).sentence).toContain(
    'failed at attempt 1 (TypeError: no such file), and is tried again at',
  );
  await clock.advance('20s');
  const { code, sentence, evidence } = await explained();
  expect([code, evidence.run?.attempts]).toEqual(['executed', 2]);
  expect(sentence).toMatch(
    /Meanwhile attempt 1 failed at 2026-10-24 12:01 UTC \(TypeError: no such file\), to be tried again at 2026-10-24 12:01:10 UTC\.$/,
  );
  expect(evidence.causes).toMatchObject([{ kind: 'retry', from: FIRST }]);
});

it('a run that a newer one replaced names it, and one that waited for a place names what held it', async () => {
  const { cluster, clock, scheduler, explained } = await clusterOf({ hangs });
  await using _ = cluster;
  await scheduler.addJob({ id: 'j', task: 'hangs', trigger: each(60), overlap: 'replace' });
  await clock.advance(150_000);
  const { code, sentence } = await explained();
  expect(code).toBe('cancelled');
  expect(sentence).toContain(
    "Its overlap 'replace' cancels the oldest live run when there is no place for a newer one, such as that of 2026-10-24 12:02 UTC.",
  );
  await scheduler.as({ actor: 'Bob' }).cancelRun((await explained('2026-10-24T12:02:00Z')).evidence.run?.runId ?? '');
  await clock.advance('5s');
  const second = await explained('2026-10-24T12:02:00Z');
  expect(second.sentence).toContain('Bob cancelled it.');
  expect(second.sentence).not.toContain('such as that of');
});

it('a run that waited for a place of its job names the run that held it', async () => {
  const slow = () => new Promise<void>((resolve) => void clock.after(45_000, resolve));
  const { cluster, clock, scheduler, explained } = await clusterOf({ slow });
  await using _ = cluster;
  await scheduler.addJob({ id: 'j', task: 'slow', trigger: each(30), overlap: 'queue' });
  await clock.advance('5m');
  const { runId } = (await explained()).evidence.run ?? {};
  const { sentence, evidence } = await explained('2026-10-24T12:01:30Z');
  expect(sentence).toContain(
    `the run waited 15 s for a place of the job, by its overlap 'queue': the run of 2026-10-24 12:01 UTC (${runId}) held the place`,
  );
  expect(evidence.causes).toMatchObject([{ kind: 'instances' }]);
  const { explanations } = await scheduler.explain('j', { from: FIRST, to: '2026-10-24T12:04:00Z' });
  const skipped = explanations.filter((one) => one.code === 'max_instances');
  expect(skipped.length).toBeGreaterThan(0);
  // Of many runs, the account keeps only how late the slowest was. The kept runs, or the log, show which one that was.
  for (const one of skipped) expect(one.evidence.holders).toHaveLength(1);
});

it('a fire time that ran behind others in one run has its worker and its start', async () => {
  const { cluster, clock, scheduler, explained } = await clusterOf({ quick });
  await using _ = cluster;
  await scheduler.addJob({ id: 'j', task: 'quick', trigger: each(60), misfireGraceTime: null, coalesce: false });
  await scheduler.pause();
  await clock.advance(210_000);
  await scheduler.resume();
  await clock.advance('10s');
  const [first, third] = [await explained(), await explained('2026-10-24T12:03:00Z')];
  expect(third.evidence.run).toMatchObject({ workerId: first.evidence.run?.workerId, attempts: 1 });
  expect(third.evidence.run?.startedAt).toEqual(first.evidence.run?.settledAt);
  expect(third.sentence).not.toContain('not kept');
});

it('a run that was claimed before a change says that it kept what was before', async () => {
  const cluster = await testCluster({ tasks: { quick }, start: START });
  await using _ = cluster;
  const { clock, scheduler } = cluster;
  await scheduler.addJob({ id: 'j', task: 'quick', executor: 'mail', trigger: each(600), misfireGraceTime: null });
  await clock.advance('65s');
  await scheduler.as({ actor: 'Bob' }).modifyJob('j', { trigger: cron('0 9 * * *') }, { reason: 'new rules' });
  await clock.advance('5s');
  const worker = new Worker({ backend: cluster.cluster.connect(), logger, tasks: { quick }, executors: { mail: {} } });
  await worker.start();
  await clock.advance('5s');
  const { code, sentence, evidence } = await scheduler.explain('j', FIRST);
  expect([code, evidence.revision?.rev]).toEqual(['executed', 1]);
  expect(sentence).toContain(
    "Bob rescheduled the job at 2026-10-24 12:01:05 UTC because of 'new rules', after the run was claimed and before it began: the run kept the task and the arguments of before.",
  );
  await clock.advanceUntil(worker.shutdown());
});

it('a fire time that a clock change moved says so however it ended', async () => {
  const { cluster, clock, scheduler, explained } = await clusterOf({ quick }, '2026-03-27T12:00:00Z');
  await using _ = cluster;
  const trigger = cron('30 2 * * *', { timezone: 'Europe/Berlin' });
  await scheduler.addJob({ id: 'j', task: 'quick', trigger, misfireGraceTime: null });
  await scheduler.pause();
  await clock.advance('90h');
  await scheduler.resume();
  await clock.advance('2m');
  const { code, sentence, evidence } = await explained('2026-03-29 02:30');
  expect([code, evidence.clockChange?.kind]).toEqual(['coalesced', 'shifted']);
  expect(sentence).toContain('It was to run at 2026-03-29 02:30, which the clock of Europe/Berlin skipped.');
});

it('the life of a run that was enqueued for later begins as it was submitted, and says which actor cancelled it', async () => {
  const { cluster, clock, scheduler } = await clusterOf({ quick });
  await using _ = cluster;
  const late = await scheduler.enqueue('quick', [], { delay: '1h' });
  const gone = await scheduler.enqueue('quick', [], { at: new Date('2026-10-24T13:00:00Z') });
  await clock.advance('10m');
  await scheduler.as({ actor: 'Bob' }).cancelRun(gone.runId, { reason: 'no more' });
  await clock.advance('1h');
  const life = async (runId: string) => (await scheduler.explainRun(runId)).sentence;
  expect(await life(gone.runId)).toMatch(
    /: it was submitted at 2026-10-24 12:00 UTC; Bob cancelled it at 2026-10-24 12:10 UTC because of 'no more'\.$/,
  );
  expect(await life(late.runId)).toMatch(
    /: it was submitted at 2026-10-24 12:00 UTC; worker \S+ started it at 2026-10-24 13:00 UTC; it was executed at/,
  );
});

it('a coalesced fire time names the runs in place of the one that it is part of, where that failed', async () => {
  let calls = 0;
  const flaky = async () => {
    if (++calls === 1) throw new TypeError('no such file');
  };
  const { cluster, clock, scheduler, explained } = await clusterOf({ flaky });
  await using _ = cluster;
  await scheduler.addJob({ id: 'j', task: 'flaky', trigger: each(60), misfireGraceTime: '1h' });
  await clock.advance('30s');
  await scheduler.pause();
  await clock.advance('4m');
  await scheduler.resume();
  await clock.advance('5s');
  const before = await explained();
  expect(before).toMatchObject({
    code: 'coalesced',
    evidence: { into: { fireTime: new Date('2026-10-24T12:04:00Z') } },
  });
  expect(before.sentence).not.toContain('That run failed');
  expect(before.evidence).not.toHaveProperty('again');
  const asked = scheduler.as({ actor: 'Ann' });
  const { runs } = await asked.retryRuns({ jobId: 'j' }, { expected: 1, reason: 'mended' });
  await clock.advance('5s');
  const { sentence, evidence } = await explained();
  expect(sentence).toMatch(
    /That run failed\. Ann ran it again at 2026-10-24 12:04:35 UTC because of 'mended': run \S+ was executed at [^.]*\.$/,
  );
  const { runId } = evidence.into ?? {};
  expect(evidence.again).toMatchObject([{ runId: runs[0]?.runId, retryOf: runId, actor: 'Ann', state: 'executed' }]);
});

it('the life of a run that was run again days later has its steps, however much was logged since its fire time', async () => {
  const fails = async () => {
    throw new TypeError('no such file');
  };
  const { cluster, clock, scheduler, explained } = await clusterOf({ fails });
  await using _ = cluster;
  await scheduler.addJob({ id: 'j', task: 'fails', trigger: each(1_000_000) });
  await clock.advance('10h');
  const { runs } = await scheduler.as({ actor: 'Ann' }).retryRuns({ jobId: 'j' }, { expected: 1, reason: 'mended' });
  await clock.advance('1s');
  const { alias, records } = cluster.cluster.connect().jobStore('default');
  const other = { id: '1-1', message: JSON.stringify({ v: 1, type: 'other', at: FIRST.getTime() }) };
  const busy = { events: Array.from({ length: 500 }, () => other), gap: false };
  const events: typeof records.events = async (params) =>
    'id' in params.after || params.after.before < FIRST.getTime() + 60_000 ? busy : records.events(params);
  const filled = withMember(records, 'events', events);
  const life = await new RunLives({ alias, records: filled } as JobStore).of(runs[0]?.runId ?? '');
  expect(life?.sentence).toMatch(/which failed: it was submitted at 2026-10-24 22:00 UTC; worker \S+ started it/);
  expect((await explained()).sentence).toMatch(/Ann ran it again at .* because of 'mended': run \S+ failed/);
});

it('a run that ends while its fire time is explained is not said to be unaccounted', async () => {
  const slow = () => new Promise<void>((resolve) => void clock.after(45_000, resolve));
  const { cluster, clock, scheduler } = await clusterOf({ slow });
  await using _ = cluster;
  await scheduler.addJob({ id: 'j', task: 'slow', trigger: each(30) });
  await clock.advance('70s');
  const { alias, records } = cluster.cluster.connect().jobStore('default');
  const early = [await records.account('j')];
  await clock.advance('1m');
  // When the first account was read, the run was owed. When the run was looked for, it had ended.
  const account: typeof records.account = async (id) => early.pop() ?? records.account(id);
  const raced = { alias, records: withMember(records, 'account', account) } as JobStore;
  const first = await new Explainer(raced).at('j', () => FIRST.getTime());
  expect([first.code, first.evidence.run?.state ?? null]).toEqual(['executed', null]);
});

/** The same records, except for one member. */
function withMember<R extends object, M extends keyof R>(records: R, member: M, value: R[M]): R {
  return new Proxy(records, {
    get: (of, name) => {
      const own: unknown = of[name as keyof R];
      return name === member ? value : typeof own === 'function' ? own.bind(of) : own;
    },
  });
}
