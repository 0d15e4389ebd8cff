// node-cron fires in the process that asks for it: with two replicas, twice. Here, the cluster fires once.

import { Carillon, cron as cronTrigger } from 'carillon';
import cron from 'node-cron';

// Before:
const task = cron.schedule('* * * * * *', () => console.log('node-cron: tick'), { timezone: 'Europe/Berlin' });

// After: the function gets a name, the schedule becomes a job, and any number of replicas may run this.
const replicas = [];
const ticked = new Promise((resolve) => {
  const tasks = {
    tick: () => {
      console.log('carillon: tick');
      resolve();
    },
  };
  const redis = process.env.REDIS_URL ?? 'redis://localhost:6379';
  for (let i = 0; i < 2; i++) replicas.push(new Carillon({ redis, prefix: process.env.CARILLON_PREFIX, tasks }));
});
for (const replica of replicas) {
  await replica.start();
  await replica.addJob({
    id: 'tick',
    task: 'tick',
    trigger: cronTrigger('* * * * * *', { timezone: 'Europe/Berlin' }),
    replaceExisting: true,
  });
}

await ticked;
await task.stop();
await replicas[0].removeJob('tick');
for (const replica of replicas) await replica.shutdown();
