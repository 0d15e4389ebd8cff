import { readdirSync } from 'node:fs';
import { describe, onTestFinished, vi } from 'vitest';
import { type TestedCluster, type TestedStore, testedBackends } from './tested-backends.js';

export type { TestedCluster, TestedStore } from './tested-backends.js';

/** The store's time when a test begins. */
export const START = Date.UTC(2026, 0, 1);

const folder = new URL('../contract/backends/', import.meta.url);
for (const file of readdirSync(folder).sort()) await import(new URL(file, folder).href);

/** Runs a suite of tests of a job store against every backend. */
export function jobStoreContract(subject: string, suite: (open: () => Promise<TestedStore>) => void): void {
  describe.each(testedBackends())(`${subject} ($name)`, ({ open }) => {
    suite(async () => {
      const { place, leave } = open();
      onTestFinished(leave);
      return place.store(START);
    });
  });
}

/** Runs a suite of tests of the queue, the bus and the election against every backend. */
export function clusterContract(subject: string, suite: (open: () => TestedCluster) => void): void {
  describe.each(testedBackends())(`${subject} ($name)`, ({ open }) => {
    suite(() => {
      const { place, leave } = open();
      onTestFinished(leave);
      return place.cluster();
    });
  });
}

/** Waits until a condition holds; throws if it does not in time. */
export function until(isSo: () => boolean): Promise<true> {
  return vi.waitUntil(() => isSo() || undefined, { timeout: 120_000, interval: 10 });
}
