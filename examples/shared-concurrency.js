// A worker has one concurrency over all of its job stores. What one of them has too much of does not keep the others waiting.
import { Carillon, currentRun } from 'carillon';

let running = 0;
const done = { bulk: 0, urgent: 0 };
let most = 0;
const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  jobStores: ['bulk', 'urgent'],
  executors: { default: { concurrency: 4 } },
  tasks: {
    work: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 50));
      running -= 1;
      done[currentRun().jobStore] += 1;
    },
  },
});
await carillon.start();

await carillon.addJobs(Array.from({ length: 200 }, () => ({ task: 'work', jobStore: 'bulk' })));
await carillon.addJobs(Array.from({ length: 10 }, () => ({ task: 'work', jobStore: 'urgent' })));
await until(() => done.urgent >= 10);
console.log(`urgent is through, ${done.bulk < 100 ? 'bulk is not half way' : 'after most of bulk'}`);
await until(() => done.bulk >= 200);
console.log(`at most ${most} at once`);
await carillon.shutdown();

async function until(isSo) {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
