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
  'fastify-producer.js': [/the server said 202/, /shipping a bell/],
  'misfires.js': [/coalesced: runs for 1, coalesced older ones/, /each: runs for \d\d/, /in-time: missed .* to /],
  'job-stores.js': [/jobstore_added: acme[\s\S]*billing in acme[\s\S]*jobstore_removed: acme[\s\S]*billing in default/],
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
