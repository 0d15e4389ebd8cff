import { interval } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { Worker } from '@carillon/worker';
import { Carillon } from 'carillon';
import { Alerts } from 'carillon/alerts';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { silent, together } from '../support/in-process.js';
import { Receiver } from '../support/receiver.js';
import { redisUrl } from '../support/redis.js';

const SECRET = `whsec_${Buffer.alloc(32, 'key').toString('base64')}`;
const tasks = { ping: () => 'pong' };

/** The notifications that a receiver got, each once: type, rule, and job or executor. */
function notified({ received }: Receiver): string[] {
  const all = new Map(received.map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body)]));
  return [...all.values()].map(({ type, data }) => `${type} ${data.rule} ${data.jobId ?? data.executor}`);
}

test('outcomes that another program deletes or doubles in Redis, and runs without a worker, are alerts, whatever one receiver does', async () => {
  const { carillon, events, stored } = await together(tasks);
  const { client } = stored.backend;
  const keys = stored.backend.keys('default');
  for (const id of ['deleted', 'doubled', 'whole'])
    await carillon.addJob({ id, task: 'ping', trigger: interval({ milliseconds: 300 }) });
  const executed = (id: string) => events.of('job_executed').filter(({ jobId }) => jobId === id).length;
  await eventually(() => expect(Math.min(...['deleted', 'doubled', 'whole'].map(executed))).toBeGreaterThan(4));
  for (const id of ['deleted', 'doubled', 'whole']) await carillon.pauseJob(id);
  await eventually(async () => expect((await stored.sizes()).runs).toBe(0));
  expect(await carillon.audit()).toMatchObject({ found: 0 });

  // The first outcome of one job is gone, and that of another is stored twice.
  const stretch = async () => {
    const whole = (await client.hget(keys.last, 'deleted')) ?? '';
    const [, before = '', oldest = '0', step = '0', after = ''] = /^(.*,x)(\d+)\+(\d+)(.*)$/s.exec(whole) ?? [];
    return { whole, before, oldest: Number(oldest), step: Number(step), after };
  };
  // If a busy machine coalesced its last fire times, the newest outcome has no step to an earlier one yet: the job fires on.
  while ((await stretch()).step === 0 && executed('deleted') < 100) {
    const so = executed('deleted');
    await carillon.resumeJob('deleted');
    await eventually(() => expect(executed('deleted')).toBeGreaterThan(so + 1));
    await carillon.pauseJob('deleted');
    await eventually(async () => expect((await stored.sizes()).runs).toBe(0));
  }
  const { whole, before, oldest, step, after } = await stretch();
  expect(step).toBeGreaterThan(0);
  await client.hset(keys.last, 'deleted', `${before}${oldest + step}+${step}${after}`);
  const [, doubled = ''] = /,x(\d+)\+/.exec((await client.hget(keys.last, 'doubled')) ?? '') ?? [];
  const twice = `s${Date.now()} e${doubled}+0*1~5`;
  await client.rpush(`${keys.accountOf}doubled`, twice);
  const { findings } = await carillon.audit({ jobs: ['deleted', 'doubled', 'whole'] });
  expect(findings.map(({ jobId, kind, first: at, count }) => [jobId, kind, at.getTime(), count])).toEqual([
    ['deleted', 'unaccounted', oldest, 1],
    ['doubled', 'double', Number(doubled), 1],
  ]);
  const lost = await carillon.explain('deleted', new Date(oldest));
  expect(lost).toMatchObject({ code: 'unaccounted' });
  await carillon.enqueue('ping', [], { executor: 'video' });

  const receivers = {
    sound: await Receiver.open(),
    slow: await Receiver.open((_, response) => void setTimeout(() => response.writeHead(200).end(), 1_500)),
    failing: await Receiver.open((number, response) => void response.writeHead(number <= 2 ? 500 : 204).end()),
    hanging: await Receiver.open(() => {}),
  };
  const targets = Object.fromEntries(
    Object.entries(receivers).map(([name, { url }]) => [name, { url, secret: SECRET, timeout: '3s' as const }]),
  );
  const watch = async () => {
    const alerts = new Alerts({
      ...{ redis: redisUrl(), prefix: stored.prefix, logger: silent, targets, allowHosts: ['127.0.0.1'] },
      rules: [
        { name: 'gaps', when: 'audit_gap', every: '1h' },
        { name: 'unserved', when: 'no_workers', for: '1s' },
      ],
    });
    onTestFinished(() => alerts.stop());
    await alerts.start();
    return alerts;
  };
  const first = await watch();
  const opened = ['gaps deleted', 'gaps doubled', 'unserved video'].map((one) => `alert.opened ${one}`);
  await eventually(() => expect(notified(receivers.sound).sort()).toEqual(opened));
  const gap = receivers.sound.received.find(({ body }) => body.includes('"deleted"'));
  expect(JSON.parse(gap?.body ?? '{}').data.why).toMatch(
    /^An audit found that of job deleted the fire time .* is unaccounted for\./,
  );

  // Both accounts are as they were, and a worker serves the executor.
  await client.hset(keys.last, 'deleted', whole);
  await client.lrem(`${keys.accountOf}doubled`, 1, twice);
  // Another process continues, and an hour later it audits again.
  await first.stop();
  await client.hdel(keys.alerts, 'audit gaps');
  await watch();
  const video = { redis: redisUrl(), prefix: stored.prefix, logger: silent, tasks, executors: { video: {} } };
  const worker = new Worker(video);
  onTestFinished(() => worker.shutdown());
  await worker.start();
  const all = [...opened, ...opened.map((one) => one.replace('opened', 'closed'))].sort();
  await eventually(() => expect(notified(receivers.sound).sort()).toEqual(all));
  await eventually(() => expect(notified(receivers.slow).sort()).toEqual(all));
  await eventually(() => expect(notified(receivers.failing).sort()).toEqual(all));
  // The first notification of each rule is sent again and again, and later ones wait for it.
  expect(notified(receivers.hanging).every((one) => opened.includes(one))).toBe(true);
  receivers.hanging.answer = (_, response) => response.writeHead(200).end();
  await eventually(() => expect(notified(receivers.hanging).sort()).toEqual(all));
});

test('alerts of a Redis that is emptied are closed, once; what fails afterwards opens again, also after a restart', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const failing = {
    fail: () => {
      throw new Error('no paper');
    },
  };
  const carillon = new Carillon({ redis: redis.url, logger: silent, lease: 3_000, tasks: failing });
  onTestFinished(() => carillon.shutdown({ timeout: 0 }));
  await carillon.start();
  const receiver = await Receiver.open();
  const watch = async () => {
    const alerts = new Alerts({
      ...{ redis: redis.url, logger: silent, allowHosts: ['127.0.0.1'] },
      rules: [{ name: 'fails', when: 'failed' }],
      targets: { all: { url: receiver.url, secret: SECRET } },
    });
    onTestFinished(() => alerts.stop());
    await alerts.start();
    return alerts;
  };
  const first = await watch();
  await carillon.addJob({ id: 'a', task: 'fail', trigger: interval('1h') });
  await carillon.runJob('a');
  await receiver.count(1);
  const backend = new RedisBackend({ redis: redis.url, report: () => {}, fail: 'fast' });
  onTestFinished(() => backend.close());
  await backend.client.flushall();
  await receiver.count(2);
  const reported = () => receiver.received.map(({ body }) => JSON.parse(body));
  expect(reported()[1]).toMatchObject({
    type: 'alert.closed',
    data: { jobId: 'a', because: 'Redis was emptied: its jobs and runs are gone' },
  });
  await eventually(async () => expect(await first.getAlerts()).toEqual([]));

  await carillon.addJob({ id: 'b', task: 'fail', trigger: interval('1h') });
  await carillon.runJob('b');
  await receiver.count(3);
  await eventually(async () => expect(await first.getAlerts()).toMatchObject([{ jobId: 'b' }]));
  await first.stop();
  const second = await watch();
  expect(await second.getAlerts()).toMatchObject([{ jobId: 'b' }]);
  await carillon.removeJob('b');
  await receiver.count(4);
  expect(reported().map(({ type, data }) => `${type} ${data.jobId}`)).toEqual(
    ['a', 'b'].flatMap((id) => [`alert.opened ${id}`, `alert.closed ${id}`]),
  );
});
