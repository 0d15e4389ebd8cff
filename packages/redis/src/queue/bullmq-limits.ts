import type { QueueLimits } from '@carillon/core/internal';
import { type ConnectionOptions, Queue } from 'bullmq';
import type { RedisClient } from '../connection/connection.js';
import { settingsKey } from './bullmq-keys.js';

export interface LimitedQueue extends QueueLimits {
  readonly executor: string;
  readonly client: RedisClient;
  readonly prefix: string;
  readonly onError: (error: Error) => void;
}

/** Writes the limits of an executor into its queue's own record, where all its workers find them. */
export async function writeLimits(limited: LimitedQueue): Promise<void> {
  const { executor, client, prefix, onError, globalConcurrency, rateLimit } = limited;
  if (globalConcurrency === undefined && rateLimit === undefined) return;
  const queue = new Queue(executor, { connection: client as ConnectionOptions, prefix, skipMetasUpdate: true });
  queue.on('error', onError);
  try {
    if (globalConcurrency) await queue.setGlobalConcurrency(globalConcurrency);
    else if (globalConcurrency === null) await queue.removeGlobalConcurrency();
    if (rateLimit) await queue.setGlobalRateLimit(rateLimit.max, rateLimit.durationMs);
    else if (rateLimit === null) await queue.removeGlobalRateLimit();
  } finally {
    await queue.close();
  }
}

/** Writes the limits again if they are gone, because Redis was emptied, or restarted without its data. Leaves other limits alone. */
export async function keepLimits(limited: LimitedQueue): Promise<void> {
  const { executor, client, prefix, globalConcurrency, rateLimit } = limited;
  if (!globalConcurrency && !rateLimit) return;
  const [concurrency, max] = await client.hmget(settingsKey(prefix, executor), 'concurrency', 'max');
  const isKept = (!globalConcurrency || concurrency !== null) && (!rateLimit || max !== null);
  if (!isKept) await writeLimits(limited);
}
