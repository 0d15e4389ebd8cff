import { interval, Scheduler } from '@carillon/core';
import { Queue } from 'bullmq';
import { ask, ownPrefix, seconds, start, stop } from './cluster.js';

const WARM_UP_S = 5;
const MEASURED_S = 15;

/** Jobs with an interval of 1 s, their fire times spread over the second: as many runs a second as jobs. */
export async function sustained(redis, rates) {
  const rows = [];
  for (const rate of rates) {
    rows.push({ ...(await carillon(redis, rate)), what: `Carillon, ${rate} runs/s` });
    rows.push({ ...(await bullmq(redis, rate)), what: `BullMQ job schedulers, ${rate} runs/s` });
  }
  return rows;
}

async function carillon(redis, rate) {
  const prefix = ownPrefix();
  const coordinator = await start('coordinator', { redis, prefix });
  const worker = await start('worker', { redis, prefix });
  const scheduler = new Scheduler({ redis, prefix });
  const begin = Date.now() + 2_000;
  await scheduler.addJobs(
    Array.from({ length: rate }, (_, index) => ({
      id: `job-${index}`,
      task: 'noop',
      trigger: interval({ seconds: 1, startAt: new Date(begin + Math.floor((index * 1_000) / rate)) }),
    })),
  );
  const figures = await measure(worker);
  await scheduler.shutdown();
  await stop(coordinator);
  await stop(worker);
  return figures;
}

async function bullmq(redis, rate) {
  const queue = ownPrefix();
  const worker = await start('bullmq-worker', { redis, queue });
  const client = new Queue(queue, { connection: { url: redis } });
  const begin = Date.now() + 2_000;
  for (let index = 0; index < rate; index++) {
    const offset = Math.floor((index * 1_000) / rate);
    await client.upsertJobScheduler(
      `job-${index}`,
      { every: 1_000, offset: (begin + offset) % 1_000 },
      { name: 'noop' },
    );
  }
  const figures = await measure(worker);
  await stop(worker);
  await client.close();
  return figures;
}

async function measure(worker) {
  await seconds(WARM_UP_S);
  await ask(worker);
  await seconds(MEASURED_S);
  const { lateness } = await ask(worker);
  return { runsPerSecond: Math.round(lateness.count / MEASURED_S), ...lateness };
}
