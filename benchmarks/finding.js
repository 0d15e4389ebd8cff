import { cron, interval, Scheduler } from '@carillon/core';
import { ownPrefix } from './cluster.js';
import { onRedis } from './on-redis.js';
import { RedisMeter } from './redis-meter.js';

const PAGE = 20_000;
const FULL = { size: 1_000_000, forecast: 100_000, rounds: 3 };
const QUICK = { size: 2_000, forecast: 500, rounds: 1 };

/** Measures how long it takes to find jobs among a million, without and with an index, and the cost of a forecast of 100,000. */
export async function finding({ quick }) {
  const { size, forecast, rounds } = quick ? QUICK : FULL;
  return onRedis(async (redis) => ({
    finding: await searches(redis, size, rounds),
    forecast: await forecasts(redis, forecast, rounds),
  }));
}

async function searches(redis, size, rounds) {
  return withJobs(redis, size, resting, async (scheduler, meter) => {
    const whole = async (filter) => {
      let cursor = null;
      do ({ cursor } = await scheduler.getJobs({ limit: 50, cursor, filter }));
      while (cursor !== null);
    };
    const page = (filter) => scheduler.getJobs({ limit: 50, filter });
    const last = `customer-${size - 1}`;
    const asked = [
      ['first page', () => page({})],
      ['a page by a tag that each hundredth job has', () => page({ tags: ['team:7'] })],
      ['a page by a text that one job has', () => page({ text: last })],
      ['all pages by a text that one job has', () => whole({ text: last })],
      ['a page of the jobs that failed: none', () => page({ lastOutcome: 'error' })],
      ['countJobs by a tag', () => scheduler.countJobs({ tags: ['team:7'] })],
    ];
    const rows = [];
    for (const [what, ask] of asked) rows.push({ jobs: size, what, ...(await measured(ask, meter, rounds)) });
    const before = heapMB();
    rows.push({ jobs: size, what: 'indexJobs', ...(await measured(() => scheduler.indexJobs(), meter, 1)) });
    rows.push({ jobs: size, what: 'memory of the index, MB', MB: heapMB() - before });
    asked.push(['a page by a task that no job has', () => page({ task: 'none' })]);
    asked.push(['countJobs by a text that one job has', () => scheduler.countJobs({ text: last })]);
    for (const [name, ask] of asked) {
      rows.push({ jobs: size, what: `with an index: ${name}`, ...(await measured(ask, meter, rounds)) });
    }
    return rows;
  });
}

async function forecasts(redis, size, rounds) {
  return withJobs(redis, size, firing, async (scheduler, meter) => {
    const day = await measured(() => scheduler.forecast(), meter, rounds);
    const week = { to: new Date(Date.now() + 7 * 86_400_000 - 120_000) };
    return [
      { jobs: size, what: '24 hours', ...day },
      { jobs: size, what: '7 days', ...(await measured(() => scheduler.forecast(week), meter, rounds)) },
    ];
  });
}

async function withJobs(redis, size, jobOf, work) {
  const meter = new RedisMeter(redis);
  const scheduler = new Scheduler({ redis, prefix: ownPrefix() });
  for (let first = 0; first < size; first += PAGE) {
    await scheduler.addJobs(Array.from({ length: Math.min(PAGE, size - first) }, (_, index) => jobOf(first + index)));
  }
  const rows = await work(scheduler, meter);
  await scheduler.shutdown();
  await meter.close();
  return rows;
}

/** The heap of this process, without garbage if the collector can be called (`node --expose-gc`). */
function heapMB() {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
}

/** Returns the fastest of some rounds, with the processor time of that round. */
async function measured(ask, meter, rounds) {
  const all = [];
  for (let round = 0; round < rounds; round++) {
    const before = await meter.read();
    const own = process.cpuUsage();
    const begin = performance.now();
    await ask();
    const ms = Math.round(performance.now() - begin);
    const { user, system } = process.cpuUsage(own);
    const after = await meter.read();
    all.push({ ms, redisCpuMs: Math.round(after.cpuMs - before.cpuMs), ownCpuMs: Math.round((user + system) / 1_000) });
  }
  return all.sort((one, other) => one.ms - other.ms)[0];
}

const resting = (index) => ({
  id: `customer-${index}`,
  task: 'noop',
  args: [{ customer: index }],
  trigger: interval({ days: 30 }),
  tags: [`team:${index % 100}`],
});

const nightly = Array.from({ length: 50 }, (_, n) => cron(`${n} ${n % 24} * * *`, { timezone: 'Europe/Berlin' }));

const firing = (index) => ({
  id: `customer-${index}`,
  task: 'noop',
  args: [{ customer: index }],
  executor: index % 7 ? 'default' : 'mail',
  trigger: [
    interval('1m'),
    interval('1h'),
    nightly[index % nightly.length],
    interval({ seconds: 90 }),
    cron('*/15 * * * *'),
  ][index % 5],
});
