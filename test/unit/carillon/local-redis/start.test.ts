import { expect, test } from 'vitest';
import type { Host } from '../../../../packages/carillon/src/local-redis/host.js';
import type { RedisServer, Way } from '../../../../packages/carillon/src/local-redis/server.js';
import { firstOpen } from '../../../../packages/carillon/src/local-redis/start.js';

const host: Host = { env: {}, root: false, terminal: false, ask: async () => false, log: () => {} };
const server = { url: 'redis://127.0.0.1:7000' } as RedisServer;
const closed =
  (why: string): Way =>
  async () =>
    why;
const open: Way = async () => server;
const untried: Way = () => expect.fail('a later way was tried');

test('takes the first way that is open, and tries none after it', async () => {
  expect(await firstOpen([closed('no program'), open, untried], host, {})).toBe(server);
});

test('gives the reason of each way when none is open', async () => {
  const failed = firstOpen([closed('no program'), closed('no docker')], host, {});
  await expect(failed).rejects.toThrow(/REDIS_URL is not set.*no program.*no docker/s);
});

test('a server that is there but does not start is an error, not a reason to go on', async () => {
  const broken: Way = async () => {
    throw new Error('redis-server ended at its start');
  };
  await expect(firstOpen([broken, untried], host, {})).rejects.toThrow('ended at its start');
});
