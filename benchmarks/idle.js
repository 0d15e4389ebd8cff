import { ownPrefix, seconds, start } from './cluster.js';
import { commandsOf } from './monitor.js';
import { onRedis } from './on-redis.js';
import { RedisMeter } from './redis-meter.js';
import { look } from './step.js';

/** Measures the cost of a cluster of two coordinators and two workers while nothing is due. */
export function idle({ quick }) {
  return onRedis(async (redis) => {
    const place = { redis, prefix: ownPrefix() };
    const members = {
      coordinator: await start('coordinator.js', place),
      standby: await start('coordinator.js', place),
      worker: await start('worker.js', place),
      'second worker': await start('worker.js', place),
    };
    const meter = new RedisMeter(redis);
    // In its first seconds, a process compiles its code, and V8 collects the garbage of the start.
    const first = await shares(members, meter, quick ? 1 : 20);
    const share = await shares(members, meter, quick ? 1 : 20);
    const calls = await calledFor(redis, quick ? 1 : 20);
    await Promise.all(Object.values(members).map((member) => member.stop()));
    await meter.close();
    return { first, share, calls };
  });
}

/** Returns the share of a core that each process takes, %. */
async function shares(members, meter, forS) {
  const before = await look(members, meter);
  await seconds(forS);
  const after = await look(members, meter);
  const rows = Object.keys(before).map((what) => {
    const { at, cpuMs } = before[what];
    return { what, percentOfACore: percent((after[what].cpuMs - cpuMs) / (after[what].at - at)) };
  });
  const ours = rows.filter(({ what }) => what !== 'redis').reduce((sum, { percentOfACore }) => sum + percentOfACore, 0);
  return [...rows, { what: 'all four, without redis', percentOfACore: percent(ours / 100) }];
}

const percent = (share) => Number((share * 100).toFixed(2));

/** Returns commands a second. Watching costs Redis time: not to be called while that is measured. */
async function calledFor(redis, forS) {
  const { calls, inside } = await commandsOf(redis, forS);
  return [{ callsPerSecond: Math.round(calls / forS), commandsInScriptsPerSecond: Math.round(inside / forS) }];
}
