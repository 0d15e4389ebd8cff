import { startRedis } from 'carillon/local-redis';

/** Does some work with its own Redis, which is stopped afterwards. */
export async function onRedis(work) {
  const redis = await startRedis();
  try {
    return await work(redis.url);
  } finally {
    await redis.stop();
  }
}
