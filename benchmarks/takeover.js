import { Scheduler } from '@carillon/core';
import { ownPrefix, seconds, start } from './cluster.js';
import { onRedis } from './on-redis.js';

/** Measures how long a job store is without a leader, ms, after SIGKILL and after SIGTERM of its leader; lease 3 s. */
export function takeover({ quick }) {
  const rounds = quick ? 1 : 9;
  return onRedis(async (redis) => {
    const rows = [];
    for (const signal of ['SIGKILL', 'SIGTERM']) {
      rows.push(await takeovers({ signal, rounds, place: () => ({ redis, prefix: ownPrefix() }) }));
    }
    return { takeovers: rows };
  });
}

export async function takeovers({ signal, rounds, place }) {
  const times = [];
  for (let round = 0; round < rounds; round++) times.push(await once(place(), signal));
  times.sort((a, b) => a - b);
  return { signal, rounds, least: times[0], median: times[Math.floor(rounds / 2)], most: times.at(-1) };
}

async function once(place, signal) {
  const first = await start('coordinator.js', place);
  while ((await first.ask()).health.jobStores.default.epoch === null) await seconds(0.01);
  const second = await start('coordinator.js', place);
  const scheduler = new Scheduler(place);
  const elected = new Promise((resolve) => void scheduler.addListener(() => resolve(Date.now()), ['leader_elected']));
  await scheduler.start();
  // Ends the leader at a random time between two extensions of its lease.
  await seconds(1.2 + Math.random());
  const killedAt = Date.now();
  await first.stop(signal);
  const took = (await elected) - killedAt;
  await scheduler.shutdown();
  await second.stop();
  return took;
}
