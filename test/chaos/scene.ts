import type { RedisServer } from 'carillon/local-redis';
import type { Redis } from 'ioredis';
import type { Cluster } from './cluster.js';
import type { Collector } from './collector.js';
import type { Random } from './random.js';
import type { Affliction } from './repeats.js';
import type { UnsyncedTail } from './unsynced-tail.js';

/** What faults strike. */
export interface Scene {
  readonly cluster: Cluster;
  readonly redis: RedisServer;
  /** A connection past the proxies. */
  readonly control: Redis;
  readonly collector: Collector;
  /** Ids of the runs that are owed. */
  readonly ledger: () => Promise<readonly string[]>;
  /** What the cluster says of runs, in words. */
  readonly livesOf: (runIds: readonly string[]) => Promise<readonly string[]>;
  readonly random: Random;
  /** Of coordinators and of workers. */
  readonly leaseMs: number;
  readonly afflictions: Affliction[];
  /** Where Redis may lose what it acknowledged: what of its append-only file is not on the disk yet. */
  readonly unsyncedTail: UnsyncedTail | undefined;
}

/** One kind of fault. */
export interface Fault {
  readonly kind: string;
  /** Strikes and lifts the fault. Resolves with what it hit, in words. @throws Error if it hit nothing. */
  strike(scene: Scene): Promise<string>;
}

/** @throws Error if a fault hit nothing: then the round proves nothing. */
export function mustHit(hit: boolean, what: string): void {
  if (!hit) throw new Error(`the fault hit nothing: ${what}`);
}
