import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisBackendOptions } from '@carillon/core/internal';
import type { Damage } from '@carillon/core/memory';
import { RedisBackend } from '@carillon/redis';
import { ownPrefix, redisUrl } from '../../support/redis.js';
import { type Place, type TestedCluster, type TestedStore, testBackend } from '../../support/tested-backends.js';

/** A place in Redis with a prefix of its own. */
export class RedisPlace implements Place {
  readonly #at = { redis: redisUrl(), prefix: ownPrefix(), report: () => {}, fail: 'fast' } as const;
  readonly #opened: RedisBackend[] = [];

  store(start: number): TestedStore {
    let now = start;
    const backend = this.#open({ now: () => now });
    return {
      backend,
      store: backend.jobStore('default'),
      seenBy: (formats) => this.#open({ now: () => now, formats }).jobStore('default'),
      get now() {
        return now;
      },
      pass: async (ms) => {
        now += ms;
      },
      damage: (kind, id) => damage(backend, kind, id),
    };
  }

  cluster(): TestedCluster {
    return {
      coordinator: () => this.#open(),
      worker: () => {
        const backend = this.#open();
        return { backend, kill: () => void backend.close() };
      },
      pass: async (ms) => {
        await sleep(ms);
      },
    };
  }

  async leave(): Promise<void> {
    for (const backend of this.#opened) await backend.close();
    const last = new RedisBackend(this.#at);
    const names = await last.client.keys(`*${this.#at.prefix}*`);
    if (names.length > 0) await last.client.del(...names);
    await last.close();
  }

  #open(options: Partial<RedisBackendOptions> = {}): RedisBackend {
    const backend = new RedisBackend({ ...this.#at, ...options });
    this.#opened.push(backend);
    return backend;
  }
}

async function damage(backend: RedisBackend, kind: Damage, id: string): Promise<void> {
  const { client } = backend;
  const keys = backend.keys('default');
  if (kind === 'waiting') {
    if ((await client.hdel(keys.waiting, id)) !== 1) throw new Error(`nothing waits of ${id}`);
    return;
  }
  if (kind === 'lost run') {
    if ((await client.hdel(keys.runs, id)) !== 1) throw new Error(`there is no run ${id}`);
    return;
  }
  const key = kind === 'newer body' ? keys.bodies : kind.endsWith('job') ? keys.jobs : keys.runs;
  const written = kind.startsWith('newer') ? `v9 ${(await client.hget(key, id)) ?? ''}` : 'x\u0000 garbage';
  if ((await client.hset(key, id, written)) !== 0) throw new Error(`there is no ${kind} ${id}`);
}

testBackend({ name: 'Redis', setup: () => new RedisPlace(), teardown: (place) => place.leave() });
