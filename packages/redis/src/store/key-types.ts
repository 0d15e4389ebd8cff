import type { RedisClient } from '../connection/connection.js';

const TYPES = {
  jobs: 'hash',
  schedule: 'zset',
  cursor: 'hash',
  held: 'zset',
  instances: 'hash',
  waiting: 'hash',
  runs: 'hash',
  bodies: 'hash',
  leases: 'zset',
  outbox: 'zset',
  progress: 'hash',
  leader: 'string',
  epoch: 'string',
  led: 'string',
  born: 'string',
  format: 'string',
  readers: 'hash',
  coordinators: 'hash',
  rev: 'string',
  seq: 'hash',
  last: 'hash',
  log: 'stream',
  account: 'list',
  'accounts:from': 'string',
  'accounts:limits': 'hash',
  'accounts:gone': 'zset',
  'accounts:forgotten': 'string',
  failures: 'stream',
  alerts: 'hash',
  'alerts:watcher': 'string',
  'alerts:silences': 'hash',
  quarantine: 'hash',
  workers: 'zset',
  'workers:info': 'hash',
} as const;

/**
 * Says which keys of a job store hold another type than they should, and what to do: Redis does not say that. '' if all are right.
 * @param base the beginning of the keys of the job store.
 */
export async function wrongTypes(client: RedisClient, base: string): Promise<string> {
  const found = await Promise.all(
    Object.entries(TYPES).map(async ([name, type]) => {
      const is = await client.type(base + name);
      if (is === 'none' || is === type) return [];
      return `key ${base}${name} holds a ${is}, not a ${type}: none of us wrote it; move it away with RENAME`;
    }),
  );
  return found.flat().join('; ');
}
