import { setImmediate as turn } from 'node:timers/promises';
import { RedisBackend } from '@carillon/redis';
import { Redis } from 'ioredis';
import { afterEach, expect, test, vi } from 'vitest';
import { Held } from '../support/held-deliveries.js';
import { ownPrefix, redisUrl } from '../support/redis.js';

/** BullMQ gives up a wait for deliveries after this time, and connects again. Redis should have ended the wait after 5 s. */
const GIVEN_UP_MS = 6_001;
/** The turns of the event loop until the consumer is closed, one case each. To connect again takes about ten. */
const TURNS = Array.from({ length: 16 }, (_, index) => index);

afterEach(() => {
  vi.useRealTimers();
});

test('a consumer that is closed leaves no connection behind, wherever BullMQ is in making its own again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const admin = new Redis(redisUrl());
  const waiting = async (prefix: string) => {
    const clients = String(await admin.client('LIST')).split('\n');
    return clients.filter((client) => client.includes(` name={${prefix}:`));
  };

  for (const turns of TURNS) {
    const prefix = ownPrefix();
    const backend = new RedisBackend({ redis: redisUrl(), prefix, fail: 'never', report: () => {} });
    const { consumer } = new Held(backend);
    await consumer.start();
    while (!(await waiting(prefix)).some((client) => client.includes(' cmd=bzpopmin '))) await turn();
    vi.advanceTimersByTime(GIVEN_UP_MS);
    for (let taken = 0; taken < turns; taken++) await turn();
    await consumer.close();
    await backend.close();
    // This takes longer than a connection takes to be made.
    for (let answers = 0; answers < 20; answers++) await admin.ping();
    expect({ turns, left: await waiting(prefix) }).toEqual({ turns, left: [] });
  }
  await admin.quit();
});
