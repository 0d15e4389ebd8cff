/**
 * How long `explain` takes in a job store with many jobs, of a job with many outcomes, and with many runs that are owed.
 * `node benchmarks/explain.js [jobs] [outcomes] [live runs]`, after `npm run build`.
 */
import { cron, interval, Scheduler } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { onRedis } from './on-redis.js';

const [JOBS = 10_000, OUTCOMES = 10_000, LIVE = 10_000] = process.argv.slice(2).map(Number);
const AT_ONCE = 200;
const REPEATS = 21;
const MINUTE = 60_000;
const logger = { debug() {}, info() {}, warn() {}, error() {} };

await onRedis(async (redis) => {
  const scheduler = new Scheduler({ redis, logger });
  const backend = new RedisBackend({ redis, report: () => {}, fail: 'fast' });
  const keys = backend.keys('default');
  await scheduler.start();
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  // As if a coordinator had written the account from the beginning on.
  await backend.client.set(keys.format, '3 1');
  await backend.client.set(keys.accountsFrom, now - 2 * OUTCOMES * MINUTE);
  await backend.client.hset(keys.accountsLimits, '', `${OUTCOMES + 10} ${365 * 86_400_000}`);
  for (let from = 0; from < JOBS; from += AT_ONCE) {
    const ids = Array.from({ length: Math.min(AT_ONCE, JOBS - from) }, (_, n) => `job ${from + n}`);
    await scheduler.addJobs(ids.map((id) => ({ id, task: 'none', trigger: interval('1d') })));
  }
  for (let from = 0; from < LIVE; from += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, LIVE - from) }, () => scheduler.enqueue('none')));
  }
  await scheduler.addJob({ id: 'x', task: 'none', trigger: cron('* * * * *') });
  // Every second one failed, at distances that are not equal: each is an entry.
  for (let from = 0; from < OUTCOMES; from += AT_ONCE) {
    const entries = Array.from({ length: Math.min(AT_ONCE, OUTCOMES - from) }, (_, n) => {
      const at = now - (OUTCOMES - from - n) * MINUTE;
      return `s${at + 5} ${n % 2 ? 'e' : 'x'}${at}+0*1~5`;
    });
    await backend.client.rpush(`${keys.accountOf}x`, ...entries);
  }
  await scheduler.runJob('x');
  const asked = {
    'an outcome': new Date(now - 100 * MINUTE),
    'an old outcome': new Date(now - OUTCOMES * MINUTE),
    'no fire time': new Date(now - 100 * MINUTE + 1_000),
    'a fire that is to come': new Date(now + 5 * MINUTE),
  };
  for (const [what, instant] of Object.entries(asked)) {
    const answer = await measured(backend, () => scheduler.explain('x', instant));
    console.log(`explain, ${what} (${answer.last.code}): ${answer.text}`);
  }
  const { text } = await measured(backend, () => liveRunsOf(backend.jobStore('default').records, 'x'));
  console.log(`the live runs of the job: ${text}`);
  await backend.close();
  await scheduler.shutdown();
});

async function liveRunsOf(records, jobId) {
  let cursor = '0';
  do ({ cursor } = await records.liveRuns({ jobId, cursor }));
  while (cursor !== '0');
}

/** Wall time, which others on the machine make longer, and CPU time for each call: of this process, and of Redis. */
async function measured(backend, work) {
  const times = [];
  let last;
  const [own, redis] = [process.cpuUsage(), await cpuOf(backend)];
  for (let n = 0; n < REPEATS; n++) {
    const began = performance.now();
    last = await work();
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(own);
  const spent = [(user + system) / 1_000, (await cpuOf(backend)) - redis].map((ms) => (ms / REPEATS).toFixed(1));
  const p50 = times.toSorted((a, b) => a - b)[Math.floor(REPEATS / 2)].toFixed(1);
  return { last, text: `p50 ${p50} ms; CPU ${spent[0]} ms here, ${spent[1]} ms in Redis` };
}

/** What Redis has used of the CPU, ms. */
async function cpuOf({ client }) {
  const info = await client.info('cpu');
  const [, system] = /used_cpu_sys:([\d.]+)/.exec(info) ?? [];
  const [, user] = /used_cpu_user:([\d.]+)/.exec(info) ?? [];
  return 1_000 * (Number(system) + Number(user));
}
