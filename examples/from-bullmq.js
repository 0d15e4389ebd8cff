// BullMQ's job schedulers make the next job when a worker picks up the last one. Here, fire times come from the trigger.
import { Queue, Worker } from 'bullmq';
import { Carillon, interval } from 'carillon';

const url = process.env.REDIS_URL ?? 'redis://localhost:6379';
const prefix = process.env.CARILLON_PREFIX;
const queueName = `${prefix ?? 'carillon'}-before`;

// Before:
const queue = new Queue(queueName, { connection: { url } });
await queue.upsertJobScheduler('sync', { every: 500 }, { name: 'sync', data: { account: 7 } });
const before = new Worker(queueName, async ({ data }) => console.log(`bullmq: sync ${data.account}`), {
  connection: { url },
});

// After. `upsertJobScheduler` becomes `addJob` with replaceExisting; the processor's cases become tasks by name; `data` becomes
// arguments. What BullMQ does not have: one at a time in the whole cluster, and a say in what an outage leaves behind.
const synced = new Promise((resolve) => {
  let times = 0;
  const sync = (account) => {
    console.log(`carillon: sync ${account}`);
    times += 1;
    if (times === 2) resolve(carillon);
  };
  const carillon = new Carillon({ redis: url, prefix, tasks: { sync } });
  carillon.start().then(() =>
    carillon.addJob({
      id: 'sync',
      task: 'sync',
      args: [7],
      trigger: interval('500ms'),
      replaceExisting: true,
      maxInstances: 1,
      misfireGraceTime: '10s',
    }),
  );
});

const carillon = await synced;
await carillon.removeJob('sync');
await carillon.shutdown();
await before.close();
await queue.obliterate({ force: true });
await queue.close();
