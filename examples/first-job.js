// Everything in one process: a job each 200 ms, and a run now.
import { Carillon, interval } from 'carillon';

const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  tasks: {
    greet: async (name) => {
      console.log(`Hello, ${name}!`);
      return name.length;
    },
  },
});
await carillon.start();

let settled = 0;
let done;
const finished = new Promise((resolve) => {
  done = resolve;
});
await carillon.addListener(
  (event) => {
    console.log(`settled: ${event.jobId ?? 'no job'}, value ${event.value}`);
    settled += 1;
    if (settled === 4) done();
  },
  ['job_executed'],
);
await carillon.addJob({ id: 'greet-world', task: 'greet', args: ['world'], trigger: interval('200ms') });
await carillon.enqueue('greet', ['you']);

await finished;
await carillon.removeJob('greet-world');
await carillon.shutdown();
