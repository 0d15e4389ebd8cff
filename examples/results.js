// A program that asks for work and waits for its result, while the work is done in any other process.
import { Coordinator, ResultTimeoutError, RunFailedError, Scheduler, Worker } from 'carillon';

const place = { redis: process.env.REDIS_URL ?? 'redis://localhost:6379', prefix: process.env.CARILLON_PREFIX };
const tasks = {
  'image.resize': async ({ width, height }, by) => {
    if (by <= 0) throw new RangeError(`${by} is not a factor`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { width: width * by, height: height * by };
  },
};
const coordinator = new Coordinator(place);
const worker = new Worker({ ...place, tasks });
await Promise.all([coordinator.start(), worker.start()]);

const scheduler = new Scheduler(place);
const run = await scheduler.enqueue('image.resize', [{ width: 40, height: 30 }, 2]);
try {
  await run.result({ timeout: '50ms' });
} catch (error) {
  // The run continues: a caller that has its id can ask again, here or elsewhere.
  if (error instanceof ResultTimeoutError) console.log(`not yet: ${(await scheduler.getRun(run.runId))?.state}`);
}
console.log('resized:', await run.result({ timeout: '30s' }));
console.log(`kept for an hour: ${(await scheduler.getRun(run.runId))?.state}`);

const failing = await scheduler.enqueue('image.resize', [{ width: 40, height: 30 }, 0]);
try {
  await failing.result({ timeout: '30s' });
} catch (error) {
  if (error instanceof RunFailedError) console.log(`failed: ${error.error.name}: ${error.error.message}`);
}

await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
