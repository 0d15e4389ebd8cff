// A task that may take its process with it runs in a child process: it is an error of that run, and of no other.
import { Carillon, loadTasks, RunFailedError } from 'carillon';

const taskFile = new URL('./heavy-tasks.js', import.meta.url);
const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  ...(await loadTasks(taskFile)),
  taskFile,
  executors: { default: {}, native: { kind: 'process', concurrency: 2 } },
});
await carillon.start();

const dying = await carillon.enqueue('process.die', [], { executor: 'native' });
const neighbour = await carillon.enqueue('primes.count', [2_000_000], { executor: 'native' });
await dying.result({ timeout: '30s' }).catch((error) => {
  if (!(error instanceof RunFailedError)) throw error;
  console.log(`${error.error.code}: ${error.error.message}`);
});
const { count, where } = await neighbour.result({ timeout: '40s' });
console.log(`its neighbour counted ${count} primes in ${where}; this is process ${process.pid}`);

await carillon.shutdown();
