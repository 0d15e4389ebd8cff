import { startRedis } from 'carillon/local-redis';

/** Does this with a Redis of its own, which is gone afterwards. */
export async function onRedis(work) {
  const redis = await startRedis();
  try {
    return await work(redis.url);
  } finally {
    await redis.stop();
  }
}
