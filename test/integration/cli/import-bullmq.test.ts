import { Queue } from 'bullmq';
import { expect, it, onTestFinished } from 'vitest';
import { convertRecord } from '../../../packages/carillon/src/import/bullmq/convert.js';
import { Stored } from '../../support/in-process.js';
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
    'lifo true has no place here',
    "read by UTC's clock, and BullMQ reads its worker's: give --timezone",
    'removeOnComplete and removeOnFail are of the queue there; here, the history of this job is kept',
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

it('says which queue is none, and what has no form here', async () => {
  const { queue, options } = queueOf();
  const stored = new Stored();
  const missing = await carillon(['import', 'bullmq', '--queue', 'nothing'], { prefix: stored.prefix });
  expect(missing).toMatchObject({ code: 3, stdout: '' });
  expect(missing.stderr).toContain('--queue: "nothing" is no queue under the prefix "bull"');
  await queue.upsertJobScheduler('spaced', { every: 60_000 }, { name: 'send mail' });
  const refused = await carillon([...options, '--apply'], { prefix: stored.prefix });
  expect(refused).toMatchObject({ code: 5 });
  expect(refused.stdout).toMatch(/mail spaced: cannot: .*"send mail" is not a task name/);
  expect(await stored.keys()).toEqual([]);
  await done([...options, '--apply', '--task', 'send mail=mail.send'], { prefix: stored.prefix });
});

/** Recorded of BullMQ 4.18 and Bull 4.16. */
it('reads repeatables of older releases', () => {
  const choices = {
    task: (name: string) => name,
    executor: () => undefined,
    timezone: 'UTC',
    tags: undefined,
    paused: false,
  };
  const opts = (repeat: object) =>
    JSON.stringify({
      prevMillis: 1,
      jobId: 'repeat:x',
      attempts: 3,
      backoff: { delay: 1000, type: 'exponential' },
      repeat,
    });
  const bullmq = {
    key: 'nightly:::Europe/Berlin:0 3 * * *',
    next: 1_796_004_000_000,
    fields: {},
    pending: { name: 'nightly', data: '{"a":1}', opts: opts({ count: 1, tz: 'Europe/Berlin', pattern: '0 3 * * *' }) },
  };
  expect(convertRecord(bullmq, 'mail', choices)).toMatchObject({
    spec: {
      id: 'mail:nightly:5329656c',
      task: 'nightly',
      args: [{ a: 1 }],
      trigger: { expression: '0 3 * * *', timezone: 'Europe/Berlin' },
    },
  });
  const bull = {
    key: '__default__:::60000',
    next: 1_795_935_840_000,
    fields: {},
    pending: { name: '__default__', data: '{}', opts: opts({ count: 4, every: 60000, limit: 5 }) },
  };
  expect(convertRecord(bull, 'mail', choices)).toMatchObject({
    spec: { task: 'mail', trigger: { milliseconds: 60_000, startAt: '1970-01-01T00:00:00.000Z' }, maxRuns: 2 },
  });
  // BullMQ 5.81: a worker has begun to count, and the data is in the pending job alone.
  const key = '8f51eb6a44c4214aea666dadd7213875';
  const counted = {
    ...bull,
    key,
    fields: { name: 'lim', every: '60000', ic: '1' },
    pending: { ...bull.pending, data: '{"b":1}' },
  };
  expect(convertRecord(counted, 'mail', choices)).toMatchObject({
    spec: { task: 'lim', args: [{ b: 1 }], maxRuns: 2 },
  });
  expect(convertRecord({ ...bull, pending: {} }, 'mail', choices)).toMatchObject({
    why: expect.stringContaining('pending job is gone'),
  });
});
