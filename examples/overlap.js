// What happens to a fire while the job still runs: it is skipped, it waits, or it takes the place of the one that runs.
import { Carillon, currentRun, MaxInstancesError, RunCancelledError } from 'carillon';

const tasks = {
  // Ends after a while, or at once when its run is cancelled.
  work: () =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve('worked'), 1_500);
      const { signal } = currentRun();
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};
const redis = process.env.REDIS_URL ?? 'redis://localhost:6379';
const carillon = new Carillon({ redis, prefix: process.env.CARILLON_PREFIX, tasks });
await carillon.start();

/** The outcome of a run. */
const outcomeOf = (run) =>
  run.result({ timeout: '30s' }).catch((error) => {
    if (error instanceof MaxInstancesError) return 'did not run';
    if (error instanceof RunCancelledError) return 'was cancelled';
    throw error;
  });

for (const overlap of ['skip', 'queue', 'replace']) {
  // The default of maxInstances is 1. Paused: this example asks for its runs itself.
  await carillon.addJob({ id: overlap, task: 'work', overlap, nextRunTime: null });
  const outcomes = [];
  for (const name of ['first', 'second', 'third']) {
    const asked = carillon.runJob(overlap).then(outcomeOf, (error) => {
      if (error instanceof MaxInstancesError) return 'did not run';
      throw error;
    });
    outcomes.push(asked.then((outcome) => `${name} ${outcome}`));
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  console.log(`${overlap}: ${(await Promise.all(outcomes)).join(', ')}`);
}

await carillon.removeAllJobs();
await carillon.shutdown();
