import { Scheduler } from '@carillon/core';
import { ownPrefix, start } from '../cluster.js';
import { everySecond } from '../load.js';

export const carillon = {
  name: 'Carillon',
  missing: () => null,
  start: (redis, load) => underLoad({ redis, prefix: ownPrefix() }, load),
};

/** Carillon with metrics, which are scraped. */
export const carillonWithMetrics = {
  name: 'Carillon with metrics',
  missing: () => null,
  start: (redis, load) => underLoad({ redis, prefix: ownPrefix() }, load, { withMetrics: true }),
};

/** Carillon with a listener that counts the outcome of each fire time. */
export const carillonCounted = {
  name: 'Carillon with a counting listener',
  async start(redis, load) {
    const place = { redis, prefix: ownPrefix() };
    const counter = await startCounter(place);
    return { ...(await underLoad(place, load)), counter };
  },
};

/** Starts a process that counts the outcomes of fire times of jobs with this interval. */
export const startCounter = ({ redis, prefix }, everyMs = 1_000) =>
  start('event-counter.js', { redis, channels: `{${prefix}:default}:events:`, task: 'noop', everyMs });

/** One coordinator, one worker, and `load` jobs with an interval of 1 s, spread over the second from `begin` on. */
export async function underLoad(place, load, more = {}) {
  const coordinator = await start('coordinator.js', { ...place, ...more });
  const worker = await start('worker.js', { ...place, ...more });
  const begin = Date.now() + 1_000 + load / 10;
  const scheduler = new Scheduler(place);
  await scheduler.addJobs(everySecond(load, { begin }));
  await scheduler.shutdown();
  return { begin, worker, coordinator };
}
