import { Queue } from 'bullmq';
import { ownPrefix, start } from '../cluster.js';

const AT_ONCE = 500;

export const bullmq = {
  name: 'BullMQ',
  missing: () => null,

  /** One worker, and `load` job schedulers with an interval of 1 s, spread over the second from `begin` on. */
  async start(redis, load) {
    const queue = ownPrefix();
    const worker = await start('bullmq-worker.js', { redis, queue });
    const client = new Queue(queue, { connection: { url: redis } });
    const begin = Date.now() + 1_000 + load / 5;
    for (let first = 0; first < load; first += AT_ONCE) {
      const indexes = Array.from({ length: Math.min(AT_ONCE, load - first) }, (_, index) => first + index);
      await Promise.all(
        indexes.map((index) => {
          const startDate = begin + Math.floor((index * 1_000) / load);
          return client.upsertJobScheduler(`job-${index}`, { every: 1_000, startDate }, { name: 'noop' });
        }),
      );
    }
    await client.close();
    return { begin, worker };
  },
};
