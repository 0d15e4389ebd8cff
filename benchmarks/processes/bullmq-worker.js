import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Lateness } from '../lateness.js';
import { answers } from './answers.js';

const { redis, queue } = JSON.parse(process.argv[2]);
const noop = new Lateness();
const connection = new Redis(redis, { maxRetriesPerRequest: null });
// The id of a run of a BullMQ job scheduler ends with the instant at which it is due.
const task = async (job) => noop.add(Date.now() - Number(job.id.split(':').at(-1)));
const worker = new Worker(queue, task, { connection, concurrency: 100, removeOnComplete: { count: 0 } });
await worker.waitUntilReady();
answers(worker.id, () => ({ lateness: { noop: noop.take() } }));
