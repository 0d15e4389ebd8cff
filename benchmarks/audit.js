/**
 * How long `audit` takes, from the store to the report, from one job of many fire times to many jobs of one.
 * `node benchmarks/audit.js [fire times] [first shape]`, after `npm run build`. Exit code 1: it reported a wrong finding.
 */
import { cron, interval, Scheduler } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { onRedis } from './on-redis.js';

const [FIRE_TIMES = 1_000_000, ONLY] = process.argv.slice(2).map(Number);
const COPIED_AT_ONCE = 10_000;
const YEARS_MS = 3_000 * 86_400_000;
const logger = { debug() {}, info() {}, warn() {}, error() {} };

const everySecondFails = (n) => n % 2 === 1;
const aTenthFails = (n) => ((n * 48_271) % 2_147_483_647) % 10 === 0;

const SHAPES = [
  {
    what: 'one job each second, every second run failed',
    jobs: 1,
    trigger: cron('* * * * * *'),
    step: 1_000,
    fails: everySecondFails,
  },
  {
    what: 'jobs each minute for 30 days, all executed',
    jobs: Math.ceil(FIRE_TIMES / 43_200),
    trigger: interval({ minutes: 1, startAt: new Date(0) }),
    step: 60_000,
    fails: () => false,
  },
  {
    what: 'jobs each minute for 30 days, a tenth failed',
    jobs: Math.ceil(FIRE_TIMES / 43_200),
    trigger: cron('* * * * *'),
    step: 60_000,
    fails: aTenthFails,
  },
  {
    what: 'jobs of 100 fire times, a tenth failed',
    jobs: Math.ceil(FIRE_TIMES / 100),
    trigger: cron('*/5 * * * *'),
    step: 300_000,
    fails: aTenthFails,
  },
  {
    what: 'jobs of one fire time, executed',
    jobs: FIRE_TIMES,
    trigger: interval({ days: 300, startAt: new Date(0) }),
    step: 300 * 86_400_000,
    fails: () => false,
  },
];

for (const shape of SHAPES.slice(ONLY ?? 0)) await onRedis((redis) => measure(redis, shape));

async function measure(redis, { what, jobs, trigger, step, fails }) {
  const scheduler = new Scheduler({ redis, logger });
  const backend = new RedisBackend({ redis, report: () => {}, fail: 'fast' });
  const keys = backend.keys('default');
  await scheduler.start();
  await scheduler.addJob({ id: 'job 0', task: 'none', trigger });
  const now = Date.now();
  const each = Math.ceil(FIRE_TIMES / jobs);
  // The pending fire time is the next one; those before it have outcomes.
  const pending = Number(await backend.client.zscore(keys.schedule, 'job 0'));
  const first = pending - each * step;
  // As if a coordinator had written the account from the beginning on.
  await backend.client.set(keys.format, '3 1');
  await backend.client.set(keys.accountsFrom, first - 2 * step);
  await backend.client.hset(keys.accountsLimits, '', `100000 ${YEARS_MS}`);
  const stored = await backend.client.hget(keys.jobs, 'job 0');
  const record = stored.replace(/"since":\{[^}]*\}/, `"since":{"at":${first - 1}}`);
  const { entries, last } = accountOf(each, (n) => first + n * step, fails);
  await storeAll({ backend, keys, jobs, record, pending, entries, last });
  const cpu = process.cpuUsage();
  const began = performance.now();
  const report = await scheduler.audit();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const spent = (user + system) / 1e6;
  const wrong = report.found + report.unreadable.length;
  console.log(
    `${what}: ${report.jobs} jobs, ${report.fireTimes} fire times, ${entries.length} entries each, ${wrong} wrong: ${seconds.toFixed(1)} s, ${spent.toFixed(1)} s of processor time here`,
  );
  // Fires that became due meanwhile do not count here.
  if (wrong > 0 && Date.now() < now + step) process.exitCode = 1;
  await backend.close();
  await scheduler.shutdown();
}

async function storeAll({ backend, keys, jobs, record, pending, entries, last }) {
  const ids = Array.from({ length: jobs }, (_, n) => `job ${n}`);
  for (let from = 0; from < jobs; from += COPIED_AT_ONCE) {
    const some = ids.slice(from, from + COPIED_AT_ONCE);
    await backend.client.hset(keys.jobs, ...some.flatMap((id) => [id, record]));
    await backend.client.zadd(keys.schedule, ...some.flatMap((id) => [pending, id]));
    await backend.client.hset(keys.last, ...some.flatMap((id) => [id, last]));
    const pipeline = backend.client.pipeline();
    for (const id of entries.length > 0 ? some : []) pipeline.rpush(`${keys.accountOf}${id}`, ...entries);
    await pipeline.exec();
  }
}

/** What a store keeps of `count` outcomes: entries of closed stretches, and the last outcome with the open stretches. */
function accountOf(count, fireTimeOf, fails) {
  const open = {};
  const entries = [];
  const totals = { x: 0, e: 0 };
  let [letter, at] = ['x', 0];
  for (let n = 0; n < count; n++) {
    [letter, at] = [fails(n) ? 'e' : 'x', fireTimeOf(n)];
    totals[letter] += 1;
    const stretch = open[letter];
    const gap = stretch && at - (stretch.first + stretch.step * (stretch.count - 1));
    if (stretch && (gap === stretch.step || stretch.step === 0)) {
      stretch.step = gap;
      stretch.count += 1;
      continue;
    }
    if (stretch) entries.push(`s${at + 5} ${textOf(letter, stretch)}`);
    open[letter] = { first: at, step: 0, count: 1 };
  }
  const others = Object.keys(open).filter((one) => one !== letter);
  const texts = [
    `${letter}${open[letter].first}+${open[letter].step}~5`,
    ...others.map((one) => textOf(one, open[one])),
  ];
  return { entries, last: `${letter} ${at} 5,${texts.join(',')} ${totals.x} ${totals.e}` };
}

function textOf(letter, { first, step, count }) {
  return `${letter}${first}+${step}*${count}~5`;
}
