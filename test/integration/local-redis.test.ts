import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findRedis, startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ask, ping } from '../../packages/carillon/src/local-redis/ping.js';
import { ownPrefix, redisUrl } from '../support/redis.js';

test('a server of one’s own, killed with SIGKILL, has its data again after the next start', async () => {
  const redis = await startRedis({ appendOnly: 'always' });
  onTestFinished(() => redis.stop());
  await ask(redis.url, ['SET', 'kept', 'é']);

  await redis.kill();
  await expect(ping(redis.url)).rejects.toThrow();

  await redis.start();
  expect(await ask(redis.url, ['GET', 'kept'])).toBe('é');

  await redis.restart();
  expect(await ask(redis.url, ['GET', 'kept'])).toBe('é');
});

test('the Redis of REDIS_URL is used and not stopped', async () => {
  const found = await findRedis({ env: { REDIS_URL: redisUrl() } });
  await found.stop();
  expect(found).toMatchObject({ url: redisUrl(), source: 'url' });
  expect(await ask(redisUrl(), ['EXISTS', ownPrefix()])).toBe('0');
});

test('a REDIS_URL that does not answer is an error, though a server could be started', async () => {
  await expect(findRedis({ env: { ...process.env, REDIS_URL: 'redis://127.0.0.1:1' } })).rejects.toThrow('REDIS_URL');
});

test('a port that is taken is an error', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  await expect(startRedis({ port: redis.port })).rejects.toThrow(`port ${redis.port} is taken`);
});

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('a server ends with its owner, by %s too', async (signal) => {
  const script = `
    import { startRedis } from 'carillon/local-redis';
    const { url } = await startRedis();
    process.stdout.write(url);
    setInterval(() => {}, 1_000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(owner, 'exit');
  const failed = ended.then(([code]) => expect.fail(`the owner ended too early, with ${code}`));
  const [url] = await Promise.race([once(owner.stdout, 'data'), failed]);
  await ping(String(url));

  failed.catch(() => {});
  owner.kill(signal);
  await ended;
  await vi.waitFor(() => expect(ping(String(url))).rejects.toThrow(), { timeout: 120_000 });
});
