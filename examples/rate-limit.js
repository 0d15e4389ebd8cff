// Limits that hold over all workers: how many runs at once, and how many in a time.
import { Coordinator, Scheduler, Worker } from 'carillon';

const place = { redis: process.env.REDIS_URL ?? 'redis://localhost:6379', prefix: process.env.CARILLON_PREFIX };
const began = [];
let atOnce = 0;
let most = 0;
const tasks = {
  call: () => began.push(Date.now()),
  import: async () => {
    atOnce++;
    most = Math.max(most, atOnce);
    await new Promise((resolve) => setTimeout(resolve, 100));
    atOnce--;
  },
};
const executors = {
  // The interface of a partner takes three calls a second; its database two imports at a time.
  calls: { concurrency: 10, rateLimit: { max: 3, duration: '1s' } },
  imports: { concurrency: 10, globalConcurrency: 2 },
};
const workers = [1, 2].map(() => new Worker({ ...place, tasks, executors }));
const coordinator = new Coordinator(place);
const scheduler = new Scheduler(place);
await Promise.all([coordinator, ...workers].map((server) => server.start()));

const askedAt = Date.now();
const many = (count, task, executor) =>
  Promise.all(Array.from({ length: count }, () => scheduler.enqueue(task, [], { executor })));
const runs = [...(await many(7, 'call', 'calls')), ...(await many(8, 'import', 'imports'))];
await Promise.all(runs.map((run) => run.result({ timeout: '40s' })));

const seconds = (began[6] - askedAt) / 1_000;
console.log(`7 calls took ${seconds >= 1.9 ? 'two seconds or more' : `only ${seconds} s`}`);
console.log(`${most} imports at once, at most`);

await Promise.all([scheduler, coordinator, ...workers].map((one) => one.shutdown()));
