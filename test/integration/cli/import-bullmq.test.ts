import { FlowProducer, Queue, Worker } from 'bullmq';
import { expect, it, onTestFinished } from 'vitest';
import { convertRecord } from '../../../packages/carillon/src/import/bullmq/convert.js';
import { convertDelayed } from '../../../packages/carillon/src/import/bullmq/delayed.js';
import { Stored } from '../../support/in-process.js';
import { loadRecordings } from '../../support/recordings/load.js';
import { ownPrefix, redisUrl } from '../../support/redis.js';
import { carillon, done } from './carillon.js';

function queueOf(): { readonly queue: Queue; readonly options: readonly string[] } {
  const prefix = ownPrefix();
  const queue = new Queue('mail', { connection: { url: redisUrl() }, prefix });
  onTestFinished(async () => {
    await queue.obliterate({ force: true });
    await queue.close();
  });
  return { queue, options: ['import', 'bullmq', '--queue', 'mail', '--bullmq-prefix', prefix] };
}

it('adds what job schedulers of BullMQ do, and fires when BullMQ would; a second time it changes nothing', async () => {
  const { queue, options } = queueOf();
  const { prefix } = new Stored();
  const opts = {
    attempts: 3,
    backoff: { type: 'exponential', delay: 1000 },
    priority: 3,
    removeOnComplete: 100,
    lifo: true,
  };
  const startDate = new Date('2099-01-01T00:17:00Z');
  await queue.upsertJobScheduler(
    'nightly',
    { pattern: '0 3 * * *', tz: 'Europe/Berlin' },
    { name: 'report', data: { a: 1 }, opts },
  );
  await queue.upsertJobScheduler('offset', { every: 3_600_000, offset: 60_000, limit: 5 }, { name: 'tick' });
  await queue.upsertJobScheduler(
    'later',
    { every: 3_600_000, startDate, endDate: '2100-01-01T00:00:00Z' },
    { name: 'tick' },
  );
  await queue.upsertJobScheduler('a:b c', { pattern: '*/15 * * * *' }, { name: 'tick' });
  const theirs = new Map((await queue.getJobSchedulers()).map(({ key, next }) => [`mail:${key}`, Number(next)]));
  const planned = await done([...options, '--json'], { prefix });
  expect(planned.json.at(-1)).toMatchObject({ applied: false, add: 4 });
  const texts = planned.json.flatMap(({ notes }) => ((notes ?? []) as { text: string }[]).map(({ text }) => text));
  expect(texts.sort()).toEqual([
    'lifo true has no equivalent here',
    'read in UTC, while BullMQ uses the zone of its worker: give --timezone',
    'removeOnComplete and removeOnFail apply to the whole queue there; here, they are the history of this job',
  ]);
  await done([...options, '--apply'], { prefix });
  const { json: jobs } = await done(['jobs', 'list', '--json'], { prefix });
  expect(new Map(jobs.map(({ id, nextRunTime }) => [id, Date.parse(String(nextRunTime))]))).toEqual(theirs);
  expect(jobs.find(({ id }) => id === 'mail:nightly')).toMatchObject({
    task: 'report',
    args: [{ a: 1 }],
    priority: 3,
    retry: { attempts: 3, backoff: { type: 'exponential', delay: 1000 } },
    history: { perJob: 100 },
  });
  expect(jobs.find(({ id }) => id === 'mail:offset')).toMatchObject({ maxRuns: 5 });
  const again = await done([...options, '--apply'], { prefix });
  expect(again.stdout).toMatch(/\n0 added, 4 unchanged\n$/);
  expect(await queue.getJobSchedulersCount()).toBe(4);
});

it('adds delayed jobs once each, those that failed with the attempts that are left, and names children of flows', async () => {
  const { queue, options } = queueOf();
  const { prefix } = new Stored();
  const connection = { url: redisUrl() };
  const common = { connection, prefix: queue.opts.prefix ?? '' };
  const worker = new Worker('mail', () => Promise.reject(new Error('no server')), common);
  const retried = { attempts: 5, backoff: { type: 'fixed', delay: 3_600_000 } };
  const failed = new Promise((resolve) => worker.once('failed', resolve));
  await queue.add('flaky', { n: 2 }, retried);
  await failed;
  await worker.close();
  const later = await queue.add('remind', { n: 1 }, { delay: 7_200_000, jobId: 'order-17', priority: 2, lifo: true });
  const flows = new FlowProducer(common);
  const children = [{ name: 'part', queueName: 'mail', opts: { delay: 7_200_000 } }];
  await flows.add({ name: 'whole', queueName: 'mail', children });
  await flows.close();
  await queue.upsertJobScheduler('nightly', { pattern: '0 3 * * *', tz: 'UTC' }, { name: 'report' });
  const withDelayed = [...options, '--delayed'];
  const planned = await done([...withDelayed, '--json'], { prefix });
  expect(planned.json.at(-1)).toMatchObject({ applied: false, add: 3, cannot: 1 });
  expect(planned.stdout).toContain('it is a child of a flow');
  expect(planned.stdout).toContain('it has failed 1 of 5 times there: here it has 4 more');
  expect(planned.stdout).toContain('lifo true has no equivalent here');
  expect(await carillon([...withDelayed, '--apply'], { prefix })).toMatchObject({ code: 5 });
  await done([...withDelayed, '--skip', '--apply'], { prefix });
  const { json: jobs } = await done(['jobs', 'list', '--json'], { prefix });
  const of = (task: string) => jobs.find((job) => job.task === task);
  const dueAt = later.timestamp + 7_200_000;
  expect(of('remind')).toMatchObject({ id: 'mail:delayed:order-17', args: [{ n: 1 }], priority: 2 });
  expect(Date.parse(String(of('remind')?.nextRunTime))).toBe(dueAt);
  expect(of('flaky')).toMatchObject({ args: [{ n: 2 }], retry: { attempts: 4 } });
  expect(jobs.map(({ task }) => task).sort()).toEqual(['flaky', 'remind', 'report']);
  expect((await done([...withDelayed, '--skip', '--apply'], { prefix })).stdout).toContain('0 added, 3 unchanged');
  expect(await queue.getDelayedCount()).toBe(4);
});

it('says which queue does not exist, and what has no form here', async () => {
  const { queue, options } = queueOf();
  const stored = new Stored();
  const missing = await carillon(['import', 'bullmq', '--queue', 'nothing'], { prefix: stored.prefix });
  expect(missing).toMatchObject({ code: 3, stdout: '' });
  expect(missing.stderr).toContain('--queue: "nothing" is not a queue under the prefix "bull"');
  await queue.upsertJobScheduler('spaced', { every: 60_000 }, { name: 'send mail' });
  const refused = await carillon([...options, '--apply'], { prefix: stored.prefix });
  expect(refused).toMatchObject({ code: 5 });
  expect(refused.stdout).toMatch(/mail spaced: cannot: .*"send mail" is not a task name/);
  expect(await stored.keys()).toEqual([]);
  await done([...options, '--apply', '--task', 'send mail=mail.send'], { prefix: stored.prefix });
});

const choices = { task: (name: string) => name, executor: () => undefined, timezone: 'UTC', tags: undefined };

/** Converts what BullMQ and Bull wrote: see test/support/recordings/record-bullmq.js. */
async function recordedQueue(queue: string) {
  const { backend, prefix } = new Stored();
  await loadRecordings(backend.client, prefix);
  const records = (await backend.bullmqRecords(prefix, queue)) ?? [];
  return records.map((record) => convertRecord(record, queue, { ...choices, paused: false }));
}

it.each(['bull-4.16', 'bullmq-4.18', 'bullmq-5.8', 'bullmq-5.81'])('reads what %s recorded', async (queue) => {
  const entries = await recordedQueue(queue);
  const specOf = (task: string) =>
    entries.map((entry) => 'spec' in entry && entry.spec).find((spec) => spec && spec.task === task);
  expect(entries).toHaveLength(2);
  expect(specOf(queue.startsWith('bull-') ? queue : 'nightly')).toMatchObject({
    args: [{ a: 1 }],
    trigger: { expression: '0 3 * * *', timezone: 'Europe/Berlin' },
    retry: { attempts: 3, backoff: { type: 'exponential', delay: 1000 } },
    priority: 3,
    history: { perJob: 100 },
  });
  expect(specOf('limited')).toMatchObject({
    args: [{ b: 1 }],
    trigger: { milliseconds: 3_600_000, startAt: '1970-01-01T00:00:00.000Z' },
    maxRuns: 5,
  });
});

it('counts what has fired of a repeatable that a worker of BullMQ 5.81 took', async () => {
  expect(await recordedQueue('bullmq-5.81-counted')).toMatchObject([
    { spec: { task: 'limited', args: [{ b: 1 }], maxRuns: 48 } },
  ]);
});

it('carries over no scheduler whose limit is reached, or whose endDate is past', async () => {
  const entries = await recordedQueue('bullmq-6.7-ended');
  expect(entries.map((entry) => 'why' in entry && entry.why).sort()).toEqual([
    'it has fired as often as its limit of 2 allows',
    expect.stringMatching(/^its endDate 2026-\S+ is past$/),
  ]);
});

it('carries over the schedulers of a queue that is paused: they fire here', async () => {
  const [entry] = await recordedQueue('bullmq-6.7-paused');
  expect(entry).toMatchObject({ spec: { id: 'bullmq-6.7-paused:nightly', args: [{ a: 1 }] }, notes: [] });
  expect(entry).not.toHaveProperty('spec.paused', true);
});

it('says why a delayed job cannot be carried over; one whose time is past runs at once', () => {
  const delayed = { id: '1', dueAt: 1_000, fields: { name: '__default__', data: '{"a":1}', opts: '{}' } };
  const all = { ...choices, paused: false };
  expect(convertDelayed(delayed, 'mail', all)).toMatchObject({
    spec: { id: 'mail:delayed:1', task: 'mail', args: [{ a: 1 }], trigger: { at: '1970-01-01T00:00:01.000Z' } },
  });
  const whyOf = (fields: Record<string, string>) => convertDelayed({ ...delayed, fields }, 'mail', all);
  expect(whyOf({})).toMatchObject({ why: expect.stringContaining('its record is gone') });
  expect(whyOf({ name: 'a', data: '{', opts: '{}' })).toMatchObject({ why: expect.stringContaining('JSON') });
  expect(whyOf({ name: 'a', data: '{}', opts: '[]' })).toMatchObject({ why: 'opts [] is not a JSON object' });
});

it('carries over no older repeatable whose pending job is gone', () => {
  const record = { key: 'nightly:::Europe/Berlin:0 3 * * *', next: 1_796_004_000_000, fields: {}, pending: {} };
  expect(convertRecord(record, 'mail', { ...choices, paused: false })).toMatchObject({
    why: expect.stringContaining('pending job is gone'),
  });
});
