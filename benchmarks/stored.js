import { interval, Scheduler } from '@carillon/core';
import { ownPrefix } from './cluster.js';
import { underLoad } from './contenders/carillon.js';
import { onRedis } from './on-redis.js';
import { RedisMeter } from './redis-meter.js';
import { stepOn } from './step.js';
import { takeovers } from './takeover.js';

const PAGE = 20_000;
const FULL = { sizes: [1_000, 1_000_000], load: 500, times: { warmUpS: 3, measuredS: 10 }, rounds: 3 };
const QUICK = { sizes: [100, 1_000], load: 50, times: { warmUpS: 0.5, measuredS: 1 }, rounds: 1 };

/** Measures the cost of stored jobs that are not due, and whether they delay other jobs or a new leader. */
export async function stored({ quick }) {
  const settings = quick ? QUICK : FULL;
  const rows = [];
  for (const size of settings.sizes) rows.push(await onRedis((redis) => beside(redis, size, settings)));
  return { stored: rows };
}

async function beside(redis, size, { load, times, rounds }) {
  const place = { redis, prefix: ownPrefix() };
  const meter = new RedisMeter(redis);
  const scheduler = new Scheduler(place);
  // The memory for the first job and for connections is not counted.
  await scheduler.addJobs([{ ...resting(0), id: 'first' }]);
  const empty = await meter.read();
  const jobsPerSecond = await store(scheduler, size);
  const full = await meter.read();
  const killed = await takeovers({ signal: 'SIGKILL', rounds, place: () => place });
  const loaded = { name: 'Carillon', start: () => underLoad(place, load) };
  const { p50, p99, worst } = await stepOn(redis, loaded, load, times);
  await scheduler.shutdown();
  await meter.close();
  const bytesAJob = Math.round((full.memory - empty.memory) / size);
  return { jobs: size, bytesAJob, jobsPerSecond, takeoverMs: killed.median, load, p50, p99, worst };
}

/** Returns jobs a second, without the time to make the pages. */
async function store(scheduler, size) {
  let ms = 0;
  for (let first = 0; first < size; first += PAGE) {
    const page = Array.from({ length: Math.min(PAGE, size - first) }, (_, index) => resting(first + index));
    const begin = performance.now();
    await scheduler.addJobs(page);
    ms += performance.now() - begin;
  }
  return Math.round((size * 1_000) / ms);
}

const resting = (index) => ({
  id: `customer-${index}`,
  task: 'noop',
  args: [{ customer: index }],
  trigger: interval({ days: 30 }),
});
