// A job store for each customer, added and removed while everything runs. Each has its own leader, queues and events.
import { Carillon, currentRun, interval } from 'carillon';

const redis = process.env.REDIS_URL ?? 'redis://localhost:6379';
const carillon = new Carillon({
  redis,
  prefix: process.env.CARILLON_PREFIX,
  tasks: { bill: () => console.log(`billing in ${currentRun().jobStore}`) },
});
await carillon.start();
await carillon.addListener(
  ({ type, jobStore }) => console.log(`${type}: ${jobStore}`),
  ['jobstore_added', 'jobstore_removed'],
);

// With { redis } it would be in another Redis than the others.
await carillon.addJobStore('acme');
await carillon.addJob({ id: 'bill', task: 'bill', trigger: interval('200ms') });
await carillon.addJob({ id: 'bill', task: 'bill', trigger: interval('200ms'), jobStore: 'acme' });
await executed('acme', 2);

// Its jobs stay where they are, and go on once it is added again, here or anywhere else.
await carillon.removeJobStore('acme');
await executed('default', 2);
await carillon.addJobStore('acme');
await executed('acme', 1);

await carillon.removeAllJobs({ jobStore: 'acme' });
await carillon.removeAllJobs();
await carillon.shutdown();

/** Waits for a number of further executions in a job store. */
async function executed(wanted, count) {
  let left = count;
  let done;
  const all = new Promise((resolve) => {
    done = resolve;
  });
  const listening = await carillon.addListener(
    ({ jobStore }) => {
      if (jobStore === wanted && --left === 0) done();
    },
    ['job_executed'],
  );
  await all;
  await listening.remove();
}
