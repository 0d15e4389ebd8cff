// Work that keeps a processor busy runs in threads: the event loop of the worker stays free for everything else.
import { Carillon, loadTasks } from 'carillon';

const taskFile = new URL('./heavy-tasks.js', import.meta.url);
const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  // Those of executors of kind `async`. The threads load the file themselves.
  ...(await loadTasks(taskFile)),
  taskFile,
  executors: { default: {}, heavy: { kind: 'thread', concurrency: 2 } },
});
await carillon.start();

let ticks = 0;
const timer = setInterval(() => ticks++, 10);
const runs = await Promise.all(
  [1_000_000, 2_000_000, 3_000_000].map((below) => carillon.enqueue('primes.count', [below], { executor: 'heavy' })),
);
for (const run of runs) {
  const { count, where } = await run.result({ timeout: '40s' });
  console.log(`${count} primes, counted in ${where}`);
}
clearInterval(timer);
console.log(ticks > 0 ? 'the event loop went on meanwhile' : 'the event loop stood still');

await carillon.shutdown();
