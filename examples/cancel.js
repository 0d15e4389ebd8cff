// Runs are cancelled from any process, whether they wait for a worker or run.
import { Carillon, currentRun, interval, RunCancelledError } from 'carillon';

const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  executors: { default: { concurrency: 1 } },
  tasks: {
    // Looks at its signal: what takes one, such as fetch, can be given it.
    'video.encode': async (_name) => {
      const { signal } = currentRun();
      for (let frame = 0; frame < 10_000; frame++) {
        signal.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  },
});
await carillon.start();

let begun;
const started = new Promise((resolve) => {
  begun = resolve;
});
await carillon.addListener(begun, ['job_started']);
await carillon.addListener(({ runId }) => console.log(`cancelled: ${names.get(runId)}`), ['job_cancelled']);

const names = new Map();
const running = await carillon.enqueue('video.encode', ['holidays']);
names.set(running.runId, 'holidays');
await started;
const queued = await carillon.enqueue('video.encode', ['birthday']);
names.set(queued.runId, 'birthday');

// One that no worker has ends at once; of one that runs, the signal is aborted.
console.log(`birthday: ${await queued.cancel()}`);
console.log(`holidays: ${await carillon.cancelRun(running.runId)}`);
for (const run of [queued, running]) {
  await run.result({ timeout: '30s' }).catch((error) => {
    if (!(error instanceof RunCancelledError)) throw error;
    console.log(`${names.get(run.runId)}: ${error.code}`);
  });
}

// With a job, all of its runs.
const { id } = await carillon.addJob({ task: 'video.encode', args: ['wedding'], trigger: interval('1h') });
const ofJob = await carillon.runJob(id);
names.set(ofJob.runId, 'wedding');
await carillon.removeJob(id, { cancelRuns: true });
await ofJob.result({ timeout: '30s' }).catch(({ code }) => console.log(`wedding: ${code}`));

await carillon.shutdown();
