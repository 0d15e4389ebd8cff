import type { CoordinatorBackend, Formats, JobStore, WorkerBackend } from '@carillon/core/internal';
import type { Damage } from '@carillon/core/memory';
import { describe, onTestFinished, vi } from 'vitest';
import { openMemory } from './contract-memory.js';
import { openRedis } from './contract-redis.js';

/** The store's time when a test begins. */
export const START = Date.UTC(2026, 0, 1);

/** One job store of an adapter, alone with its test. */
export interface Contract {
  readonly backend: CoordinatorBackend;
  readonly store: JobStore;
  /** The same store, for a member that reads other formats than those of this release. */
  seenBy(formats: Formats): JobStore;
  /** The store's time, ms. */
  readonly now: number;
  /** Lets the store's time pass. */
  pass(ms: number): Promise<void>;
  /** Makes a record unreadable, or as a newer release would write it. */
  damage(kind: Damage, id: string): Promise<void>;
  close(): Promise<void>;
}

/** Several users of one cluster in the time that its locks and leases know, which for Redis is the real one. */
export interface ClusterContract {
  coordinator(): CoordinatorBackend;
  /** `kill` ends it without a word. */
  worker(): { readonly backend: WorkerBackend; readonly kill: () => void };
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const ADAPTERS = [
  { name: 'Redis', adapter: openRedis },
  { name: 'memory', adapter: openMemory },
];

/** A suite that every adapter of a job store passes. */
export function jobStoreContract(subject: string, suite: (open: () => Promise<Contract>) => void): void {
  describe.each(ADAPTERS)(`${subject} ($name)`, ({ adapter }) => {
    suite(async () => {
      const opened = await adapter.store(START);
      onTestFinished(() => opened.close());
      return opened;
    });
  });
}

/** A suite that every adapter of queue, bus and election passes. */
export function clusterContract(subject: string, suite: (open: () => ClusterContract) => void): void {
  describe.each(ADAPTERS)(`${subject} ($name)`, ({ adapter }) => {
    suite(() => {
      const opened = adapter.cluster();
      onTestFinished(() => opened.close());
      return opened;
    });
  });
}

/** Waits for a fact; throws if it does not come about. */
export function until(isSo: () => boolean): Promise<true> {
  return vi.waitUntil(() => isSo() || undefined, { timeout: 120_000, interval: 10 });
}
