// A job that ends after a number of fire times, however often it is deployed.
import { Carillon, interval } from 'carillon';

const redis = process.env.REDIS_URL ?? 'redis://localhost:6379';
const tasks = { remind: (what) => console.log(`remember: ${what}`) };
const carillon = new Carillon({ redis, prefix: process.env.CARILLON_PREFIX, tasks });
await carillon.start();

let done;
const finished = new Promise((resolve) => {
  done = resolve;
});
await carillon.addListener(({ jobId, cause }) => done(`job ${jobId}: ${cause}`), ['job_removed']);
let remembered = 0;
let thrice;
const allRemembered = new Promise((resolve) => {
  thrice = resolve;
});
await carillon.addListener(() => ++remembered === 3 && thrice(), ['job_executed']);

const reminder = {
  id: 'reminder',
  task: 'remind',
  args: ['the milk'],
  trigger: interval('100ms'),
  // A fire counts however it ends: here, none is to be skipped for coming too soon after another, or late.
  maxInstances: 3,
  coalesce: false,
  maxRuns: 3,
  replaceExisting: true,
};
const job = await carillon.addJob(reminder);
console.log(`${job.runsLeft()} of ${job.maxRuns} runs left`);
console.log(await finished);
await allRemembered;

// It is known to have finished: adding it again does not run it again, until it is removed or has another trigger.
console.log(`added again, it is finished: ${(await carillon.addJob(reminder)).finished}`);
await carillon.removeJob('reminder');

await carillon.shutdown();
