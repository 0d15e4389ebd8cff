import { Scheduler } from '@carillon/core';
import { ask, ownPrefix, seconds, start, stop } from './cluster.js';

/** How long a job store is without a leader, ms, after kill -9 and after SIGTERM of the one it had; lease 3 s. */
export async function takeover(redis, rounds) {
  const rows = [];
  for (const signal of ['SIGKILL', 'SIGTERM']) {
    const times = [];
    for (let round = 0; round < rounds; round++) times.push(await once(redis, signal));
    times.sort((a, b) => a - b);
    rows.push({ signal, rounds, min: times[0], median: times[Math.floor(rounds / 2)], max: times.at(-1) });
  }
  return rows;
}

async function once(redis, signal) {
  const place = { redis, prefix: ownPrefix() };
  const first = await start('coordinator', place);
  while ((await ask(first)).health.jobStores.default.epoch === null) await seconds(0.01);
  const second = await start('coordinator', place);
  const scheduler = new Scheduler(place);
  const elected = new Promise((resolve) => void scheduler.addListener(() => resolve(Date.now()), ['leader_elected']));
  await scheduler.start();
  // Somewhere between two extensions.
  await seconds(1.2 + Math.random());
  const killedAt = Date.now();
  await stop(first, signal);
  const took = (await elected) - killedAt;
  await scheduler.shutdown();
  await stop(second);
  return took;
}
