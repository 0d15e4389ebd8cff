import type { QueueLimits } from '@carillon/core/internal';
import type { RedisClient } from '../connection/connection.js';
import { settingsKey } from './bullmq-keys.js';

export interface LimitedQueue extends QueueLimits {
  readonly executor: string;
  readonly client: RedisClient;
  readonly prefix: string;
}

/**
 * Sets fields of a hash, even when Redis has reached its `maxmemory`. Otherwise no worker with limits could start, and the memory would stay
 * full. Without its limits, it could run more at once than other systems bear.
 */
const SET_EVEN_WHEN_FULL = "#!lua flags=allow-oom\nreturn redis.call('HSET', KEYS[1], unpack(ARGV))";

/** Writes the limits of an executor into its queue's own record, where all its workers find them. Writes only what differs. */
export async function writeLimits(limited: LimitedQueue): Promise<void> {
  const { executor, client, prefix } = limited;
  const key = settingsKey(prefix, executor);
  const wanted = settingsOf(limited);
  if (wanted.length === 0) return;
  const known = await client.hmget(key, ...wanted.map(([field]) => field));
  const other = wanted.filter(([, value], index) => value !== known[index]);
  const removed = other.flatMap(([field, value]) => (value === null ? [field] : []));
  const set = other.flatMap(([field, value]) => (value === null ? [] : [field, value]));
  if (removed.length > 0) await client.hdel(key, ...removed);
  if (set.length > 0) await client.eval(SET_EVEN_WHEN_FULL, 1, key, ...set);
}

/** Returns the limits as BullMQ stores them: null for a field that is not to be there. What is left out of the limits stays as it is. */
function settingsOf({ globalConcurrency, rateLimit }: QueueLimits): readonly (readonly [string, string | null])[] {
  const text = (value: number | null | undefined) => (value == null ? null : String(value));
  return [
    ...(globalConcurrency === undefined ? [] : [['concurrency', text(globalConcurrency)] as const]),
    ...(rateLimit === undefined
      ? []
      : [['max', text(rateLimit?.max)] as const, ['duration', text(rateLimit?.durationMs)] as const]),
  ];
}

/** Writes the limits again if they are gone, because Redis was emptied, or restarted without its data. Leaves other limits alone. */
export async function keepLimits(limited: LimitedQueue): Promise<void> {
  const { executor, client, prefix, globalConcurrency, rateLimit } = limited;
  if (!globalConcurrency && !rateLimit) return;
  const [concurrency, max] = await client.hmget(settingsKey(prefix, executor), 'concurrency', 'max');
  const isKept = (!globalConcurrency || concurrency !== null) && (!rateLimit || max !== null);
  if (!isKept) await writeLimits(limited);
}
