import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Lateness } from '../lateness.js';

const { redis, queue } = JSON.parse(process.argv[2]);
const lateness = new Lateness();
const connection = new Redis(redis, { maxRetriesPerRequest: null });
// The id of a run of a BullMQ job scheduler ends with the instant it is due.
const noop = async (job) => lateness.add(Date.now() - Number(job.id.split(':').at(-1)));
const worker = new Worker(queue, noop, { connection, concurrency: 50, removeOnComplete: { count: 0 } });
await worker.waitUntilReady();
process.once('disconnect', () => process.exit());
process.on('message', () => process.send({ lateness: lateness.take() }));
process.send({ ready: worker.id });
