// A running worker takes on an executor, and gives it up again: nothing is restarted, and no run is lost.
import { Carillon } from 'carillon';

const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  tasks: { 'mail.send': (to) => `sent to ${to}` },
});
await carillon.start();
await carillon.addListener(
  ({ type, alias, kind, concurrency }) => console.log(`${type}: ${alias} (${kind}, ${concurrency} at once)`),
  ['executor_added', 'executor_removed'],
);

// No worker serves this executor yet: the run waits.
const run = await carillon.enqueue('mail.send', ['ann@example.org'], { executor: 'mail' });
console.log(`before: ${(await carillon.getRun(run.runId)).state}`);
await carillon.addExecutor('mail', { concurrency: 5 });
console.log(`after: ${await run.result({ timeout: '30s' })}`);

// What runs may finish first; what waits is for other workers that serve it.
await carillon.removeExecutor('mail', { timeout: '10s' });
console.log(`left: ${Object.keys(carillon.health().worker.executors).join(', ')}`);

await carillon.shutdown();
