// Runs a job in the memory of this process, or in the Redis of the second argument. The first argument is the number of runs
// after which it shuts down; default: there is no job.
import { writeSync } from 'node:fs';
import { Carillon, interval } from 'carillon';

const [, , count = '0', redis] = process.argv;
const times = Number(count);
let fired = 0;
const print = (line) => writeSync(1, `${line}\n`);

const carillon = new Carillon({
  ...(redis ? { redis } : { memory: true }),
  tasks: { fire: () => void print('fired') },
});
await carillon.start();
print('started');
await carillon.addListener(async () => {
  fired += 1;
  if (fired !== times) return;
  await carillon.shutdown();
  print('shut down');
}, ['job_executed']);
if (times > 0) await carillon.addJob({ task: 'fire', trigger: interval('100ms') });
