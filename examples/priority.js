// Where more runs wait for a worker than it can take at once, those of priority 0 go first, then 1, 2, …
import { Carillon } from 'carillon';

const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  executors: { default: { concurrency: 1 } },
  tasks: {
    block: () => new Promise((resolve) => setTimeout(resolve, 1_000)),
    print: (what) => console.log(`printing ${what}`),
  },
});
await carillon.start();

// Takes the only place there is, while the others line up.
const blocking = await carillon.enqueue('block');
const runs = [
  await carillon.enqueue('print', ['the archive'], { priority: 10 }),
  await carillon.enqueue('print', ['a report'], { priority: 5 }),
  await carillon.enqueue('print', ['the alarm']),
];
for (const run of [blocking, ...runs]) await run.result({ timeout: '30s' });

await carillon.shutdown();
