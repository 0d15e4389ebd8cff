// Two coordinators that contend for the same four job stores lead two each; one that goes leaves its own to the other.
import { Coordinator } from 'carillon';

const redis = process.env.REDIS_URL ?? 'redis://localhost:6379';
const options = { redis, prefix: process.env.CARILLON_PREFIX, jobStores: ['berlin', 'lagos', 'lima', 'tokyo'] };

const first = new Coordinator(options);
await first.addListener(({ jobStore, reason }) => console.log(`${jobStore}: leader lost, ${reason}`), ['leader_lost']);
await first.start();
await until(() => led(first) === 4);
console.log('the first leads 4');

// It starts with nothing, and is handed one after the other, until it would not be fairer any more.
const second = new Coordinator(options);
await second.start();
await until(() => led(first) === 2 && led(second) === 2);
console.log('both lead 2');

await first.shutdown();
await until(() => led(second) === 4);
console.log('the second leads 4');
await second.shutdown();

/** How many job stores a coordinator leads. */
function led(coordinator) {
  return Object.values(coordinator.health().jobStores).filter(({ epoch }) => epoch !== null).length;
}

async function until(isSo) {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 50));
}
