/**
 * How long `explain` takes in a job store with many jobs, for a job with many outcomes, and with many owed runs.
 * `node benchmarks/explain.js [jobs] [outcomes] [live runs]`, after `npm run build`.
 */
import { cron, interval, Scheduler } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { onRedis } from './on-redis.js';

const [JOBS = 1_000_000, OUTCOMES = 10_000, LIVE = 10_000] = process.argv.slice(2).map(Number);
const AT_ONCE = 200;
const COPIED_AT_ONCE = 10_000;
/** The kinds of the outcomes 100, 101, 102 and 103 minutes ago. */
const KINDS = ['x', 'e', 'i', 'm'];
const REPEATS = 201;
/** Calls before the measured ones. The time of the first, in a process that still compiles its code, is printed. */
const WARM_UP = 20;
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
  await storeJobs(scheduler, backend.client, keys);
  for (let from = 0; from < LIVE; from += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, LIVE - from) }, () => scheduler.enqueue('none')));
  }
  await scheduler.addJob({ id: 'x', task: 'none', trigger: cron('* * * * *') });
  // As if the job had existed since its first outcome.
  const record = await backend.client.hget(keys.jobs, 'x');
  await backend.client.hset(
    keys.jobs,
    'x',
    record.replace(/"since":\{"at":\d+/, `"since":{"at":${now - 2 * OUTCOMES * MINUTE}`),
  );
  await storeOutcomes(backend.client, `${keys.accountOf}x`, now);
  const ago = (minutes, ms = 0) => new Date(now - minutes * MINUTE + ms);
  const asked = {
    'an outcome': ago(100),
    'one that failed': ago(101),
    'an old outcome': ago(OUTCOMES),
    'one that max_instances took': ago(102),
    'no fire time': ago(100, 1_000),
    'a fire that is to come': ago(-5),
    'an hour, 60 outcomes': { from: ago(200), to: ago(141) },
  };
  for (const [what, when] of Object.entries(asked)) await explain(what, when);
  // The name of a requested run does not show its job: the whole ledger is searched.
  await scheduler.runJob('x');
  await explain('one that max_instances took, while a requested run is live', ago(102));
  async function explain(what, when) {
    const { last, text } = await measured(backend, () => scheduler.explain('x', when));
    const codes = new Set((last.explanations ?? [last]).map(({ code }) => code));
    console.log(`explain, ${what} (${[...codes].join(', ')}): ${text}`);
  }
  const { text } = await measured(backend, () => liveRunsOf(backend.jobStore('default').records, 'x'));
  console.log(`the live runs of the job: ${text}`);
  await backend.close();
  await scheduler.shutdown();
});

/** Stores copies of the record of a job that the scheduler added: a million of them take seconds. */
async function storeJobs(scheduler, client, keys) {
  const { nextRunTime } = await scheduler.addJob({ id: 'job 0', task: 'none', trigger: interval('1d') });
  const record = await client.hget(keys.jobs, 'job 0');
  for (let from = 1; from < JOBS; from += COPIED_AT_ONCE) {
    const ids = Array.from({ length: Math.min(COPIED_AT_ONCE, JOBS - from) }, (_, n) => `job ${from + n}`);
    await client.hset(keys.jobs, ...ids.flatMap((id) => [id, record]));
    await client.zadd(keys.schedule, ...ids.flatMap((id) => [nextRunTime.getTime(), id]));
  }
}

/** Stores outcomes of the job, one a minute, of each kind in turn: each is an entry. */
async function storeOutcomes(client, list, now) {
  for (let from = 0; from < OUTCOMES; from += AT_ONCE) {
    const entries = Array.from({ length: Math.min(AT_ONCE, OUTCOMES - from) }, (_, n) => {
      const before = OUTCOMES - from - n;
      const at = now - before * MINUTE;
      return `s${at + 5} ${KINDS[before % KINDS.length]}${at}+0*1~5`;
    });
    await client.rpush(list, ...entries);
  }
}

async function liveRunsOf(records, jobId) {
  let cursor = '0';
  do ({ cursor } = await records.liveRuns({ jobId, cursor }));
  while (cursor !== '0');
}

/** Measures the wall time of calls, which other processes make longer, and their CPU time in this process and in Redis. */
async function measured(backend, work) {
  const times = [];
  let last;
  const cold = performance.now();
  last = await work();
  const first = (performance.now() - cold).toFixed(1);
  for (let n = 1; n < WARM_UP; n++) last = await work();
  const [own, redis] = [process.cpuUsage(), await cpuOf(backend)];
  for (let n = 0; n < REPEATS; n++) {
    const began = performance.now();
    last = await work();
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(own);
  const spent = [(user + system) / 1_000, (await cpuOf(backend)) - redis].map((ms) => (ms / REPEATS).toFixed(1));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.ceil(share * REPEATS) - 1].toFixed(1);
  const shares = `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms (the first ${first} ms)`;
  return { last, text: `${shares}; CPU ${spent[0]} ms here, ${spent[1]} ms in Redis` };
}

/** The CPU time that Redis has used, ms. */
async function cpuOf({ client }) {
  const info = await client.info('cpu');
  const [, system] = /used_cpu_sys:([\d.]+)/.exec(info) ?? [];
  const [, user] = /used_cpu_user:([\d.]+)/.exec(info) ?? [];
  return 1_000 * (Number(system) + Number(user));
}
