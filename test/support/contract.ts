import { readdirSync } from 'node:fs';
import { describe, onTestFinished, vi } from 'vitest';
import { type TestedCluster, type TestedStore, testedBackends } from './tested-backends.js';

export type { TestedCluster, TestedStore } from './tested-backends.js';

/** The store's time when a test begins. */
export const START = Date.UTC(2026, 0, 1);

const folder = new URL('../contract/backends/', import.meta.url);
for (const file of readdirSync(folder).sort()) await import(new URL(file, folder).href);

/** A suite that every backend passes, of a job store. */
export function jobStoreContract(subject: string, suite: (open: () => Promise<TestedStore>) => void): void {
  describe.each(testedBackends())(`${subject} ($name)`, ({ open }) => {
    suite(async () => {
      const { place, leave } = open();
      onTestFinished(leave);
      return place.store(START);
    });
  });
}

/** A suite that every backend passes, of its queue, bus and election. */
export function clusterContract(subject: string, suite: (open: () => TestedCluster) => void): void {
  describe.each(testedBackends())(`${subject} ($name)`, ({ open }) => {
    suite(() => {
      const { place, leave } = open();
      onTestFinished(leave);
      return place.cluster();
    });
  });
}

/** Waits for a fact; throws if it does not come about. */
export function until(isSo: () => boolean): Promise<true> {
  return vi.waitUntil(() => isSo() || undefined, { timeout: 120_000, interval: 10 });
}
