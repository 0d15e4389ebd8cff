import { performance } from 'node:perf_hooks';
import type { Delivery } from '@carillon/core/internal';
import { RedisBackend } from '@carillon/redis';
import { Worker } from 'bullmq';
import { expect, onTestFinished, test, vi } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Held } from '../support/held-deliveries.js';
import { ownPrefix, redisUrl } from '../support/redis.js';

const HOUR_MS = 3_600_000;

test('a clock that is set back does not stop a rate-limited executor, and its limit holds', async () => {
  const backend = new RedisBackend({ redis: redisUrl(), prefix: ownPrefix(), report: () => {}, fail: 'fast' });
  onTestFinished(() => backend.close());
  const queue = backend.deliveryQueue('default');
  onTestFinished(() => queue.close());
  const asked = vi.spyOn(Worker.prototype, 'getNextJob');
  onTestFinished(() => void vi.restoreAllMocks());
  const rateLimit = { max: 2, durationMs: 1_000 };
  const held = new Held(backend, { concurrency: 20, limits: { rateLimit } });
  await held.consumer.start();
  const delivery = (id: number): Delivery => ({ id: `d${id}`, executor: 'default', priority: 0, runIds: [`r${id}`] });
  await queue.add(Array.from({ length: 12 }, (_, id) => delivery(id)));
  await eventually(() => expect(held.taken.length).toBeGreaterThanOrEqual(2));
  // Once a call returned nothing, BullMQ's worker knows how long the limit lasts.
  const isLimited = () => asked.mock.settledResults.some(({ type, value }) => type === 'fulfilled' && !value);
  await eventually(() => expect(isLimited()).toBe(true));

  const { now } = Date;
  for (const stepMs of [HOUR_MS, 2 * HOUR_MS]) {
    const before = held.taken.length;
    const began = performance.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now.call(Date) - stepMs);
    await eventually(() => expect(held.taken.length).toBeGreaterThanOrEqual(before + 3), 10_000);
    const windows = Math.ceil((performance.now() - began) / rateLimit.durationMs) + 1;
    expect(held.taken.length - before).toBeLessThanOrEqual(windows * rateLimit.max);
  }
});
