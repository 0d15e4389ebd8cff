import { type CarillonEvent, interval, Scheduler, type SchedulerSettings } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../support/ask.js';
import { CapturedEvents } from '../support/captured-events.js';
import { op } from '../support/contract-records.js';
import { eventually } from '../support/eventually.js';
import { newScheduler, Stored, silent, together } from '../support/in-process.js';

type Logged = readonly { readonly id: string; readonly message: string }[];

/** Returns the whole log of a job store. */
async function logOf(backend: RedisBackend): Promise<Logged> {
  const { records } = backend.jobStore('default');
  const all: { id: string; message: string }[] = [];
  for (let after = '0-0'; ; after = all.at(-1)?.id ?? '0-0') {
    const { events } = await records.events({ after: { id: after }, limit: 5_000 });
    all.push(...events);
    if (events.length < 5_000) return all;
  }
}

const idsOf = (events: readonly CarillonEvent[]) => events.map(({ eventId }) => eventId);

test('a listener with since hears every event once and in order, though its connections are cut again and again', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const { url } = redis;
  const place = { redis: url, logger: silent };
  const backend = new RedisBackend({ redis: url, report: () => {}, fail: 'fast' });
  onTestFinished(() => backend.close());
  const carillon = new Carillon({ ...place, tasks: { ping: () => 'pong' } });
  const listening = new Scheduler(place);
  onTestFinished(() => Promise.all([carillon.shutdown(), listening.shutdown()]).then(() => {}));
  await carillon.start();
  await carillon.addJob({ id: 'j', task: 'ping', trigger: interval('20ms'), coalesce: false });
  const heard = new CapturedEvents();
  const slow = async (event: CarillonEvent) => {
    if (event.seq % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    heard.add(event);
  };
  await listening.addListener(slow, undefined, { since: new Date(0) });

  for (let cut = 1; cut <= 8; cut++) {
    await heard.count('job_executed', cut * 25);
    await ask(url, ['CLIENT', 'KILL', 'TYPE', cut % 2 === 0 ? 'pubsub' : 'normal']);
  }
  await heard.count('job_executed', 250);
  await eventually(() => carillon.removeJob('j'));
  await heard.first('job_removed');
  await carillon.shutdown();
  await heard.first('scheduler_shutdown');
  const logged = await eventually(() => logOf(backend));
  await eventually(() => expect(heard.all).toHaveLength(logged.length));
  expect(idsOf(heard.all)).toEqual(logged.map(({ id }) => id));
  expect(heard.incomplete).toEqual([]);
  expect(heard.all[0]?.type).toBe(JSON.parse(logged[0]?.message ?? '').type);
});

test('a listener that comes back with the last eventId continues from there, without a gap and without a double', async () => {
  const { carillon, stored } = await together({ ping: () => 'pong' });
  await carillon.addJob({ id: 'j', task: 'ping', trigger: interval('30ms'), coalesce: false });
  const heard: CarillonEvent[] = [];
  for (let turn = 1; turn <= 5; turn++) {
    const scheduler = newScheduler(stored.prefix);
    const wanted = heard.length + 20;
    const since = heard.at(-1)?.eventId ?? new Date(0);
    await new Promise<void>((resolve, reject) => {
      const listener = (event: CarillonEvent) => {
        if (heard.length >= wanted) return;
        heard.push(event);
        if (heard.length === wanted) resolve();
      };
      scheduler.addListener(listener, ['job_executed', 'job_submitted'], { since }).catch(reject);
      setTimeout(() => reject(new Error(`only ${heard.length} events`)), 120_000).unref();
    });
    await scheduler.shutdown();
  }
  const logged = (await logOf(stored.backend)).filter(({ message }) =>
    ['job_executed', 'job_submitted'].includes(JSON.parse(message).type),
  );
  expect(idsOf(heard)).toEqual(logged.slice(0, 100).map(({ id }) => id));
});

test('a value that is too large for the log is left out of it, and is in the result', async () => {
  const { carillon, events } = await together({ large: () => ({ text: 'x'.repeat(20_000) }) });
  const replayed = new CapturedEvents();
  await carillon.addListener((event) => replayed.add(event), ['job_executed'], { since: new Date(0) });
  const run = await carillon.enqueue('large');
  expect((await run.result()).text).toHaveLength(20_000);
  expect(await replayed.first('job_executed')).toMatchObject({ value: null, valueOmitted: true, runId: run.runId });
  expect(await events.first('job_executed')).not.toHaveProperty('valueOmitted');
});

test('what is not kept any more is reported as a gap, and what is left comes whole', async () => {
  const stored = new Stored();
  const { records } = stored.backend.jobStore('default');
  for (let round = 0; round < 60; round++) {
    const event = { type: 'jobstore_added', about: { jobStore: 'default' } };
    await Promise.all(Array.from({ length: 500 }, () => records.announce({ op: op(), event })));
  }
  const warnings: unknown[] = [];
  const logger = new Proxy(silent, {
    get: (target, name) => {
      if (name === 'error') return (details: unknown, message: string) => warnings.push([details, message]);
      return Reflect.get(target, name);
    },
  }) as NonNullable<SchedulerSettings['logger']>;
  const scheduler = newScheduler(stored.prefix, { logger });
  const heard = new CapturedEvents();
  await scheduler.addListener((event) => heard.add(event), undefined, { since: new Date(0) });
  const logged = await logOf(stored.backend);
  expect(logged.length).toBeLessThan(21_000);
  await heard.count('jobstore_added', logged.length);
  expect(idsOf(heard.all)).toEqual(logged.map(({ id }) => id));
  expect(heard.all[0]?.seq).toBe(30_000 - logged.length + 1);
  expect(warnings).toEqual([
    [{ jobStore: 'default', after: '1970-01-01T00:00:00.000Z' }, expect.stringContaining('log')],
  ]);
});

test('a listener hears that its job store was removed, and then nothing more of it', async () => {
  const { prefix } = new Stored();
  const scheduler = newScheduler(prefix, { jobStores: ['default', 'other'] });
  const another = newScheduler(prefix, { jobStores: ['other'] });
  const heard = new CapturedEvents();
  await scheduler.addListener((event) => heard.add(event), undefined, { since: new Date(0) });
  await scheduler.removeJobStore('other');
  expect(heard.all.map(({ type }) => type)).toEqual(['jobstore_removed']);
  await another.pause({ jobStore: 'other' });
  await scheduler.pause();
  await heard.first('scheduler_paused', ({ jobStore }) => jobStore === 'default');
  await scheduler.addListener(() => {}, ['leader_lost'], { since: new Date(0) });
  expect(heard.all.map(({ jobStore }) => jobStore)).toEqual(['other', 'default']);
});
