import { Worker } from '@carillon/worker';
import { tasks } from './tasks.js';

const worker = new Worker({
  redis: process.env.REDIS_URL,
  prefix: process.env.CARILLON_PREFIX,
  tasks,
  executors: { default: { concurrency: 20 } },
});
await worker.start();
process.once('SIGTERM', async () => {
  await worker.shutdown();
  process.exit(); // whatever else is still open
});
console.log('worker: ready');
