import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ownPrefix, redisUrl } from '../support/redis.js';

const run = promisify(execFile);

/** What each example says, at least. */
const EXAMPLES = {
  'first-job.js': [/Hello, world!/, /Hello, you!/, /settled: greet-world, value 5/],
  'split/run.js': [/producer: sent to you@example\.org: Welcome/, /producer: sent to everybody@example\.org: News/],
  'events-without-carillon.js': [/job_added #1 soon/, /job_submitted #1 soon/, /job_executed #1 soon/],
  'fastify-producer.js': [/the server said 202/, /the server said 200/, /shipping a bell/],
  'misfires.js': [/coalesced: runs for 1, coalesced older ones/, /each: runs for \d\d/, /in-time: missed .* to /],
  'fair-share.js': [/the first leads 4/, /leader lost, handed_over/, /both lead 2/, /the second leads 4/],
  'shared-concurrency.js': [/urgent is through, bulk is not half way/, /at most 4 at once/],
  'job-stores.js': [/jobstore_added: acme[\s\S]*billing in acme[\s\S]*jobstore_removed: acme[\s\S]*billing in default/],
  'results.js': [
    /not yet: (queued|running)/,
    /resized: \{ width: 80, height: 60 \}/,
    /an hour: executed/,
    /failed: RangeError: 0 is/,
  ],
  'retry.js': [
    /attempt 1 failed \(the mail server is busy\), the next one in \d+ ms/,
    /attempt 2 failed/,
    /sent at attempt 3/,
  ],
  'cancel.js': [
    /birthday: cancelled/,
    /holidays: cancelling/,
    /cancelled: holidays/,
    /holidays: RUN_CANCELLED/,
    /wedding: RUN_CANCELLED/,
  ],
  'overlap.js': [
    /skip: first worked, second did not run, third did not run/,
    /queue: first worked, second did not run, third worked/,
    /replace: first was cancelled, second was cancelled, third worked/,
  ],
  'max-runs.js': [
    /3 of 3 runs left/,
    /(remember: the milk\n[\s\S]*){3}/,
    /job reminder: finished/,
    /it is finished: true/,
  ],
  'priority.js': [/printing the alarm\nprinting a report\nprinting the archive/],
  'history.js': [
    /(count: (executed|error), .*\n){4}/,
    /count: error, "every third one fails"/,
    /copy: running, file \d+ of 10/,
  ],
  'thread-executor.js': [/78498 primes, counted in a thread\n148933 primes/, /the event loop went on meanwhile/],
  'process-executor.js': [
    /EXECUTOR_DIED: the child process of the task died: it ended with SIGKILL/,
    /its neighbour counted 148933 primes in process (\d+); this is process (?!\1\n)/,
  ],
  'timeout.js': [/heeds its signal: RUN_TIMEOUT/, /a busy loop in a thread: RUN_TIMEOUT/, /then: 168 primes/],
  'rate-limit.js': [/7 calls took two seconds or more/, /2 imports at once, at most/],
  'add-executor.js': [
    /before: queued/,
    /executor_added: mail \(async, 5 at once\)/,
    /after: sent to ann@example\.org/,
    /executor_removed: mail/,
    /left: default/,
  ],
  'replay-listener.js': [/heard 1,2,3,4,5\nheard 6,7,8,9,10\nheard 11,12,13,14,15/],
  'from-node-cron.js': [/carillon: tick/],
  'from-bullmq.js': [/bullmq: sync 7/, /carillon: sync 7/],
};

test.each(Object.entries(EXAMPLES))('examples/%s does what it says', async (file, sayings) => {
  const program = fileURLToPath(new URL(`../../examples/${file}`, import.meta.url));
  const env = { ...process.env, REDIS_URL: redisUrl(), CARILLON_PREFIX: ownPrefix() };
  const { stdout, stderr } = await run(process.execPath, [program], { env, timeout: 50_000 });
  for (const saying of sayings) expect(stdout).toMatch(saying);
  expect(stderr).toBe('');
});
