import { setTimeout as sleep } from 'node:timers/promises';
import { RedisBackend } from '@carillon/redis';
import type { ClusterContract, Contract } from './contract.js';
import { ownPrefix, redisUrl } from './redis.js';

const report = () => {};

export const openRedis = {
  async store(start: number): Promise<Contract> {
    let now = start;
    const place = { redis: redisUrl(), prefix: ownPrefix(), report, fail: 'fast', now: () => now } as const;
    const backend = new RedisBackend(place);
    const others: RedisBackend[] = [];
    const keys = backend.keys('default');
    return {
      backend,
      store: backend.jobStore('default'),
      seenBy: (formats) => {
        const other = new RedisBackend({ ...place, formats });
        others.push(other);
        return other.jobStore('default');
      },
      get now() {
        return now;
      },
      pass: async (ms) => {
        now += ms;
      },
      damage: async (kind, id) => {
        if (kind === 'waiting') {
          if ((await backend.client.hdel(keys.waiting, id)) !== 1) throw new Error(`nothing waits of ${id}`);
          return;
        }
        if (kind === 'lost run') {
          if ((await backend.client.hdel(keys.runs, id)) !== 1) throw new Error(`there is no run ${id}`);
          return;
        }
        const [key, field] =
          kind === 'newer body' ? [keys.bodies, id] : [kind.endsWith('job') ? keys.jobs : keys.runs, id];
        if (kind.startsWith('newer')) {
          const written = (await backend.client.hget(key, field)) ?? '';
          if ((await backend.client.hset(key, field, `v9 ${written}`)) !== 0)
            throw new Error(`there is no ${kind} ${id}`);
          return;
        }
        if ((await backend.client.hset(key, id, 'x\u0000 garbage')) !== 0) throw new Error(`there is no ${kind} ${id}`);
      },
      close: async () => {
        const names = await backend.client.keys(`${keys.base}*`);
        if (names.length > 0) await backend.client.del(...names);
        for (const other of others) await other.close();
        await backend.close();
      },
    };
  },

  cluster(): ClusterContract {
    const place = { redis: redisUrl(), prefix: ownPrefix(), report, fail: 'fast' } as const;
    const opened: { close(): Promise<void> }[] = [];
    return {
      coordinator: () => {
        const backend = new RedisBackend(place);
        opened.push(backend);
        return backend;
      },
      worker: () => {
        const backend = new RedisBackend(place);
        opened.push(backend);
        return { backend, kill: () => void backend.close() };
      },
      pass: async (ms) => {
        await sleep(ms);
      },
      close: async () => {
        for (const backend of opened) await backend.close();
      },
    };
  },
};
