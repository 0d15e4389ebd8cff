// Tasks need connections, files, pools: the module of tasks opens and closes them, wherever the tasks run.
import { Carillon, loadTasks } from 'carillon';

const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  // `tasks`, `setup` and `teardown`
  ...(await loadTasks(new URL('./ledger-tasks.js', import.meta.url))),
});
await carillon.start();

const runs = await Promise.all([100, 20, 3].map((amount) => carillon.enqueue('ledger.book', [amount])));
const amounts = await Promise.all(runs.map((run) => run.result({ timeout: '30s' })));
console.log(`booked ${amounts.join(', ')}`);

await carillon.shutdown();
console.log('nothing is open any more');
