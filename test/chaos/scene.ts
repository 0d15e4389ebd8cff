import type { RedisServer } from 'carillon/local-redis';
import type { Redis } from 'ioredis';
import type { Cluster } from './cluster.js';
import type { Collector } from './collector.js';
import type { Random } from './random.js';
import type { Affliction } from './repeats.js';
import type { UnsyncedTail } from './unsynced-tail.js';

/** The cluster and the Redis that faults strike, and the tools to do it. */
export interface Scene {
  readonly cluster: Cluster;
  readonly redis: RedisServer;
  /** A connection that bypasses the proxies. */
  readonly control: Redis;
  readonly collector: Collector;
  /** Returns the ids of the runs that are owed. */
  readonly ledger: () => Promise<readonly string[]>;
  /** Explains the state of runs, in words. */
  readonly livesOf: (runIds: readonly string[]) => Promise<readonly string[]>;
  readonly random: Random;
  /** The lease of coordinators and of workers. */
  readonly leaseMs: number;
  readonly afflictions: Affliction[];
  /** The part of the append-only file that is not on the disk yet; undefined if Redis syncs each write. */
  readonly unsyncedTail: UnsyncedTail | undefined;
}

/** One kind of fault. */
export interface Fault {
  readonly kind: string;
  /** Strikes and lifts the fault. Resolves with what it hit, in words. @throws Error if it hit nothing. */
  strike(scene: Scene): Promise<string>;
}

/** @throws Error if a fault hit nothing, as the round proves nothing then. */
export function mustHit(hit: boolean, what: string): void {
  if (!hit) throw new Error(`the fault hit nothing: ${what}`);
}
