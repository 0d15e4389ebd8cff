import { seconds, until } from './cluster.js';
import { latenessOf } from './lateness.js';
import { onRedis } from './on-redis.js';
import { RedisMeter } from './redis-meter.js';
import { keepsUp } from './search.js';

/** Puts a contender under this load on a Redis of its own, and measures it once it is warm. */
export function step(contender, load, times) {
  return onRedis((redis) => stepOn(redis, contender, load, times));
}

export async function stepOn(redis, contender, load, { warmUpS, measuredS }) {
  const meter = new RedisMeter(redis);
  const { begin, ...members } = await contender.start(redis, load);
  await until(begin + warmUpS * 1_000);
  await hasRun(members.worker);
  const before = await look(members, meter);
  await seconds(measuredS / 2);
  const middle = await members.worker.ask();
  await seconds(measuredS / 2);
  const after = await look(members, meter);
  await Promise.all(Object.values(members).map((member) => member.stop()));
  await meter.close();
  const halves = [middle.lateness.noop, after.worker.lateness.noop];
  return { what: contender.name, load, ...figures(load, { before, after, halves }) };
}

/** Resolves once a run has begun. */
async function hasRun(worker) {
  while (latenessOf((await worker.ask()).lateness.noop).count === 0) await seconds(0.1);
}

/** Returns the figures of all members and of Redis, at one instant. */
export async function look(members, meter) {
  const asked = Object.entries({ ...members, redis: { ask: () => meter.read() } });
  return Object.fromEntries(await Promise.all(asked.map(async ([name, member]) => [name, await member.ask()])));
}

function figures(load, { before, after, halves }) {
  const { count, ...lateness } = latenessOf(halves.flat());
  const [earlier, later] = halves.map(latenessOf);
  const asked = (load * (after.worker.at - before.worker.at)) / 1_000;
  const aRun = (name, figure) =>
    after[name] && count > 0 ? (after[name][figure] - before[name][figure]) / count : null;
  return {
    keptUp: keepsUp({ asked, done: count, earlierP50: earlier.p50, laterP50: later.p50 }),
    runsPerSecond: Math.round((load * count) / asked),
    ...lateness,
    coordinatorUs: microseconds(aRun('coordinator', 'cpuMs')),
    workerUs: microseconds(aRun('worker', 'cpuMs')),
    redisUs: microseconds(aRun('redis', 'cpuMs')),
    scripts: tenths(aRun('redis', 'scripts')),
    commands: tenths(aRun('redis', 'commands')),
    bytesIn: tenths(aRun('redis', 'bytesIn'), 0),
    bytesOut: tenths(aRun('redis', 'bytesOut'), 0),
  };
}

const microseconds = (ms) => ms && Math.round(ms * 1_000);
const tenths = (figure, digits = 1) => figure && Number(figure.toFixed(digits));
