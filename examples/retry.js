// A task that fails is tried again, later each time, up to a number of attempts.
import { Carillon, currentRun } from 'carillon';

const carillon = new Carillon({
  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',
  prefix: process.env.CARILLON_PREFIX,
  tasks: {
    'mail.send': async (to) => {
      const { attempt, executionId } = currentRun();
      // A service that is asked twice can see it by this key: it is the same in every attempt.
      console.log(`attempt ${attempt} for ${to}, key ${executionId}`);
      if (attempt < 3) throw new Error('the mail server is busy');
      return `sent at attempt ${attempt}`;
    },
  },
});
await carillon.start();
await carillon.addListener(
  ({ attempt, error, retryAt, at }) => {
    console.log(`attempt ${attempt} failed (${error.message}), the next one in ${retryAt.getTime() - at.getTime()} ms`);
  },
  ['job_retrying'],
);

// 100 ms, then 200 ms; of each, up to a fifth is left to chance, so that many do not come back at once.
const retry = { attempts: 5, backoff: { type: 'exponential', delay: '100ms', maxDelay: '1m', jitter: 0.2 } };
const run = await carillon.enqueue('mail.send', ['ann@example.org'], { retry });
console.log(await run.result({ timeout: '30s' }));

await carillon.shutdown();
