// The outcomes of a job's runs, for as many of them and as long as the job says.
import { Carillon, currentRun, interval } from 'carillon';

let calls = 0;
const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  tasks: {
    count: () => {
      calls += 1;
      if (calls % 2 === 1) throw new Error('every other one fails');
      return { calls };
    },
    copy: async (files) => {
      for (let file = 1; file <= files; file++) {
        currentRun().progress({ file, of: files });
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
  },
});
await carillon.start();

const history = { perJob: 4, age: '1d' };
let done;
const finished = new Promise((resolve) => {
  done = resolve;
});
await carillon.addListener(done, ['job_removed']);
// A run for each of its seven fire times, however late.
const each = { maxRuns: 7, maxInstances: 7, coalesce: false };
await carillon.addJob({ id: 'count', task: 'count', trigger: interval('100ms'), ...each, history });
await finished;
let runs = [];
while (runs.length < 4 || runs.some(({ state }) => state === 'running' || state === 'queued')) {
  runs = await carillon.getRuns('count', { limit: 4 });
}
for (const { state, executions } of runs) {
  const [execution] = executions;
  console.log(`count: ${state}, ${JSON.stringify(execution?.value ?? execution?.error.message)}`);
}

// A run that is owed shows how far it is.
const copying = await carillon.enqueue('copy', [10]);
let run = await carillon.getRun(copying.runId);
while (!run?.progress && !run?.settledAt) run = await carillon.getRun(copying.runId);
console.log(`copy: ${run.state}, file ${run.progress?.file ?? '?'} of ${run.progress?.of ?? '?'}`);
await copying.result({ timeout: '30s' });

await carillon.shutdown();
