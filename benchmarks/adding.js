import { cron, interval, Scheduler } from '@carillon/core';
import { Queue } from 'bullmq';
import { ownPrefix } from './cluster.js';
import { onRedis } from './on-redis.js';

const TRIGGERS = {
  'interval of 1 h': { carillon: interval({ hours: 1 }), bullmq: { every: 3_600_000 } },
  'cron in Europe/Berlin': {
    carillon: cron('30 9 * * 1-5', { timezone: 'Europe/Berlin' }),
    bullmq: { pattern: '30 9 * * 1-5', tz: 'Europe/Berlin' },
  },
};

/** Jobs added a second: one by one, and many at once. */
export function adding({ quick }) {
  return onRedis(async (redis) => ({ rates: await rates(redis, quick ? 50 : 2_000) }));
}

async function rates(redis, count) {
  const rows = [];
  for (const [name, trigger] of Object.entries(TRIGGERS)) {
    const scheduler = new Scheduler({ redis, prefix: ownPrefix() });
    const spec = (id) => ({ id, task: 'noop', args: [id], trigger: trigger.carillon });
    await scheduler.addJobs(Array.from({ length: count }, (_, index) => spec(`warm-up-${index}`)));
    const many = Array.from({ length: 10 * count }, (_, index) => spec(`many-${index}`));
    rows.push({ what: `addJobs, ${name}`, perSecond: await perSecond(many.length, () => scheduler.addJobs(many)) });
    const one = async () => {
      for (let index = 0; index < count; index++) await scheduler.addJob(spec(`one-${index}`));
    };
    rows.push({ what: `addJob one by one, ${name}`, perSecond: await perSecond(count, one) });

    const queue = new Queue(ownPrefix(), { connection: { url: redis } });
    const upsert = async () => {
      for (let index = 0; index < count; index++) {
        await queue.upsertJobScheduler(`one-${index}`, trigger.bullmq, { name: 'noop', data: [`one-${index}`] });
      }
    };
    rows.push({ what: `BullMQ upsertJobScheduler one by one, ${name}`, perSecond: await perSecond(count, upsert) });
    await queue.close();
    await scheduler.shutdown();
  }
  return rows;
}

async function perSecond(count, work) {
  const begin = performance.now();
  await work();
  return Math.round((count * 1_000) / (performance.now() - begin));
}
