// No member was there for a while: what happens to the fire times meanwhile, by policy.
import { Carillon, interval } from 'carillon';

const tasks = { tick: () => {} };
const redis = process.env.REDIS_URL ?? 'redis://localhost:6379';
const carillon = new Carillon({ redis, prefix: process.env.CARILLON_PREFIX, tasks });
await carillon.start();
await carillon.pause();

const trigger = interval('100ms');
// One run, for the newest fire time; it has the older ones that it replaces.
await carillon.addJob({ id: 'coalesced', task: 'tick', trigger });
// Every fire time is executed, oldest first.
await carillon.addJob({ id: 'each', task: 'tick', trigger, coalesce: false });
// Those that are too late are not.
await carillon.addJob({ id: 'in-time', task: 'tick', trigger, coalesce: false, misfireGraceTime: '250ms' });
await new Promise((resolve) => setTimeout(resolve, 1_050));

const seen = new Set();
let done;
const all = new Promise((resolve) => {
  done = resolve;
});
await carillon.addListener(
  ({ jobId, scheduledRunTimes, coalesced }) => {
    if (seen.has(jobId)) return;
    seen.add(jobId);
    console.log(`${jobId}: runs for ${scheduledRunTimes.length}, coalesced ${coalesced ? 'older ones' : 'none'}`);
    if (seen.size === 3) done();
  },
  ['job_submitted'],
);
await carillon.addListener(
  ({ jobId, first, last }) => console.log(`${jobId}: missed ${first.toISOString()} to ${last.toISOString()}`),
  ['job_missed'],
);
await carillon.resume();

await all;
await carillon.removeAllJobs();
await carillon.shutdown();
