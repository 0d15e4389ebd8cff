// A run that takes too long is asked to stop by its signal; in a thread or a child process it is stopped, whatever it does.
import { Carillon, loadTasks, RunTimeoutError } from 'carillon';

const taskFile = new URL('./heavy-tasks.js', import.meta.url);
const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  ...(await loadTasks(taskFile)),
  taskFile,
  executors: { default: {}, heavy: { kind: 'thread', concurrency: 1 } },
});
await carillon.start();

const runs = {
  'one that obeys its signal': await carillon.enqueue('queue.watch', [], { timeout: '500ms' }),
  'a busy loop in a thread': await carillon.enqueue('loop.forever', [], { timeout: '500ms', executor: 'heavy' }),
};
for (const [what, run] of Object.entries(runs)) {
  await run.result({ timeout: '30s' }).catch((error) => {
    if (!(error instanceof RunTimeoutError)) throw error;
    console.log(`${what}: ${error.code}`);
  });
}
// The place in the executor is free again.
const next = await carillon.enqueue('primes.count', [1_000], { executor: 'heavy' });
console.log(`then: ${(await next.result({ timeout: '30s' })).count} primes`);

await carillon.shutdown();
