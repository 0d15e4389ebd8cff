// Writes bullmq.json: what releases of BullMQ and Bull keep in Redis for jobs that repeat. Run it in a folder with
//   npm install b418@npm:bullmq@4.18 b580@npm:bullmq@5.8.0 b581@npm:bullmq@5.81 b67@npm:bullmq@6.7 bull@4.16
// and an empty Redis: node record-bullmq.js redis://127.0.0.1:6379 > bullmq.json
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';

const require = createRequire(`${process.cwd()}/`);
const url = process.argv[2];
const Redis = require('ioredis');
const redis = new Redis(url);
const { hostname, port } = new URL(url);
const connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null };
const opts = { attempts: 3, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: 100, priority: 3 };
const zone = { tz: 'Europe/Berlin' };
const recorded = {};

/** Records all hashes and sorted sets of a queue. */
async function dump(queue) {
  const hashes = {};
  const sets = {};
  for (const key of (await redis.keys(`bull:${queue}:*`)).sort()) {
    const type = await redis.type(key);
    if (type === 'hash') hashes[key] = await redis.hgetall(key);
    if (type === 'zset') sets[key] = await redis.zrange(key, 0, -1, 'WITHSCORES');
  }
  recorded[queue] = { hashes, sets };
}

async function repeatables(name, release) {
  const { Queue } = require(name);
  const queue = new Queue(release, { connection });
  await queue.add('nightly', { a: 1 }, { ...opts, repeat: { pattern: '0 3 * * *', ...zone } });
  await queue.add('limited', { b: 1 }, { repeat: { every: 3_600_000, limit: 5 } });
  await dump(release);
  await queue.close();
}

/** Runs a worker until it has run `runs` jobs. */
async function work(name, queue, runs) {
  const { Worker } = require(name);
  let done = 0;
  const worker = new Worker(queue, async () => void done++, { connection });
  while (done < runs) await wait(20);
  await wait(300);
  await worker.close();
}

async function bull() {
  const Bull = require('bull');
  const queue = new Bull('bull-4.16', { redis: connection });
  await queue.add({ a: 1 }, { ...opts, repeat: { cron: '0 3 * * *', ...zone } });
  await queue.add('limited', { b: 1 }, { repeat: { every: 3_600_000, limit: 5 } });
  await dump('bull-4.16');
  await queue.close();
}

async function counted() {
  const { Queue } = require('b581');
  const queue = new Queue('bullmq-5.81-counted', { connection });
  await queue.add('limited', { b: 1 }, { repeat: { every: 2_000, limit: 50 } });
  await work('b581', queue.name, 2);
  await dump(queue.name);
  await queue.close();
}

async function ended() {
  const { Queue } = require('b67');
  const queue = new Queue('bullmq-6.7-ended', { connection });
  await queue.upsertJobScheduler('limit', { every: 200, limit: 2 }, { name: 'limited' });
  await queue.upsertJobScheduler('date', { every: 200, endDate: Date.now() + 500 }, { name: 'dated' });
  await work('b67', queue.name, 4);
  await dump(queue.name);
  await queue.close();
}

async function paused() {
  const { Queue } = require('b67');
  const queue = new Queue('bullmq-6.7-paused', { connection });
  await queue.pause();
  await queue.upsertJobScheduler('nightly', { pattern: '0 3 * * *', ...zone }, { name: 'nightly', data: { a: 1 } });
  await dump(queue.name);
  await queue.close();
}

await bull();
await repeatables('b418', 'bullmq-4.18');
await repeatables('b580', 'bullmq-5.8');
await repeatables('b581', 'bullmq-5.81');
await counted();
await ended();
await paused();
console.log(JSON.stringify(recorded, null, 2));
redis.disconnect();
