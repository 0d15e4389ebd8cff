import { RedisBackend } from '@carillon/redis';
import type { Place } from './cluster.js';

/** How many live runs each job had at an instant, according to the stored data. */
export interface Sample {
  readonly at: number;
  readonly instances: { readonly [jobId: string]: number };
}

/** Samples the live runs of all jobs, with pauses of 10 ms, until it is stopped. */
export class InstanceSamples {
  readonly all: Sample[] = [];
  readonly #backend: RedisBackend;
  readonly #looking: Promise<void>;
  #isOver = false;

  constructor({ redis, prefix }: Place) {
    this.#backend = new RedisBackend({ redis, prefix, report: () => {}, fail: 'fast' });
    this.#looking = this.#look();
  }

  async stop(): Promise<readonly Sample[]> {
    this.#isOver = true;
    await this.#looking;
    await this.#backend.close();
    return this.all;
  }

  async #look(): Promise<void> {
    const { instances } = this.#backend.keys('default');
    while (!this.#isOver) {
      const at = Date.now();
      const counts = await this.#backend.client.hgetall(instances);
      this.all.push({ at, instances: Object.fromEntries(Object.entries(counts).map(([id, count]) => [id, +count])) });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
