import { cron, interval, Scheduler } from '@carillon/core';
import { Queue } from 'bullmq';
import { ownPrefix } from './cluster.js';
import { onRedis } from './on-redis.js';
import { RedisMeter } from './redis-meter.js';

const TRIGGERS = {
  'interval of 1 h': { carillon: interval({ hours: 1 }), bullmq: { every: 3_600_000 } },
  'cron in Europe/Berlin': {
    carillon: cron('30 9 * * 1-5', { timezone: 'Europe/Berlin' }),
    bullmq: { pattern: '30 9 * * 1-5', tz: 'Europe/Berlin' },
  },
};

/** Adds jobs one by one and many at once, in turn, because a machine's speed changes. */
export function adding({ quick }) {
  const size = quick ? { rounds: 2, each: 25 } : { rounds: 10, each: 500 };
  return onRedis(async (redis) => {
    const meter = new RedisMeter(redis);
    const rates = [];
    for (const [name, trigger] of Object.entries(TRIGGERS))
      rates.push(...(await added(redis, meter, name, trigger, size)));
    await meter.close();
    return { rates };
  });
}

async function added(redis, meter, name, trigger, { rounds, each }) {
  const scheduler = new Scheduler({ redis, prefix: ownPrefix() });
  const queue = new Queue(ownPrefix(), { connection: { url: redis } });
  const specOf = (id) => ({ id, task: 'noop', args: [id], trigger: trigger.carillon });
  const ways = {
    addJobs: { count: 10 * each, add: (ids) => scheduler.addJobs(ids.map(specOf)) },
    'addJob one by one': { count: each, add: (ids) => inTurn(ids, (id) => scheduler.addJob(specOf(id))) },
    'BullMQ upsertJobScheduler one by one': {
      count: each,
      add: (ids) => inTurn(ids, (id) => queue.upsertJobScheduler(id, trigger.bullmq, { name: 'noop', data: [id] })),
    },
  };
  const taken = Object.keys(ways).map((what) => ({ what, rounds: [] }));
  for (let round = 0; round <= rounds; round++) {
    for (const { what, rounds: measured } of taken) {
      const { count, add } = ways[what];
      const ids = Array.from({ length: count }, (_, index) => `${what.length}-${round}-${index}`);
      const one = await costOf(meter, count, () => add(ids));
      // The first round is a warm-up.
      if (round > 0) measured.push(one);
    }
  }
  await queue.close();
  await scheduler.shutdown();
  return taken.map(({ what, rounds: measured }) => ({ what: `${what}, ${name}`, ...medians(measured) }));
}

async function inTurn(ids, add) {
  for (const id of ids) await add(id);
}

/** Returns jobs a second, and the processor time a job of this process and of Redis, µs. */
async function costOf(meter, count, work) {
  const before = await meter.read();
  const began = process.cpuUsage();
  const begin = performance.now();
  await work();
  const perSecond = (count * 1_000) / (performance.now() - begin);
  const { user, system } = process.cpuUsage(began);
  const { cpuMs } = await meter.read();
  return { perSecond, client: (user + system) / count, redis: ((cpuMs - before.cpuMs) * 1_000) / count };
}

const medians = (rows) =>
  Object.fromEntries(Object.keys(rows[0]).map((name) => [name, Math.round(median(rows.map((row) => row[name])))]));

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
