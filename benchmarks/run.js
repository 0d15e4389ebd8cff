// npm run bench [-- sustained|adding|takeover]: each on a Redis of its own, on this machine.
import { startRedis } from 'carillon/local-redis';
import { adding } from './adding.js';
import { sustained } from './sustained.js';
import { takeover } from './takeover.js';

const BENCHMARKS = {
  adding: (redis) => adding(redis),
  sustained: (redis) => sustained(redis, [500, 2_000]),
  takeover: (redis) => takeover(redis, 9),
};

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHMARKS)) {
  const redis = await startRedis();
  try {
    console.log(`\n${name}`);
    console.table(await BENCHMARKS[name](redis.url));
  } finally {
    await redis.stop();
  }
}
