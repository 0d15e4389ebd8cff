import { type FoundRedis, findRedis } from 'carillon/local-redis';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string;
  }
}

/** One Redis for the whole run, though each project that needs it loads this file on its own. */
interface Shared {
  readonly redis: Promise<FoundRedis>;
  users: number;
}

const slot = Symbol.for('carillon.test.redis');
const shared = globalThis as { [slot]?: Shared | undefined };

/** Finds Redis as the demo does; without one the run fails. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mine = shared[slot] ?? { redis: findRedis(), users: 0 };
  shared[slot] = mine;
  mine.users++;
  project.provide('redisUrl', (await mine.redis).url);

  return async () => {
    if (--mine.users > 0) return;
    shared[slot] = undefined;
    await (await mine.redis).stop();
  };
}
