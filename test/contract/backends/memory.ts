import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { type Place, type TestedCluster, type TestedStore, testBackend } from '../../support/tested-backends.js';

/** A cluster in memory with a clock of its own. There is nothing to remove. */
export class MemoryPlace implements Place {
  store(start: number): TestedStore {
    const clock = new VirtualClock(new Date(start));
    const cluster = new MemoryCluster({ clock });
    // Leases end though no member renews them: with `onStep`, the cluster always does its upkeep.
    const backend = cluster.connect({ onStep: () => {} });
    return {
      backend,
      store: backend.jobStore('default'),
      seenBy: (formats) => cluster.connect({ onStep: () => {}, formats }).jobStore('default'),
      get now() {
        return clock.now();
      },
      pass: (ms) => clock.advance(ms),
      damage: async (kind, id) => {
        if (!cluster.damage('default', kind, id)) throw new Error(`there is no ${kind} ${id}`);
      },
    };
  }

  cluster(): TestedCluster {
    const clock = new VirtualClock();
    const cluster = new MemoryCluster({ clock });
    return {
      coordinator: () => cluster.connect({ onStep: () => {} }),
      worker: () => {
        const backend = cluster.connect({ onStep: () => {} });
        return { backend, kill: () => backend.kill() };
      },
      pass: (ms) => clock.advance(ms),
    };
  }
}

testBackend({ name: 'memory', setup: () => new MemoryPlace(), teardown: async () => {} });
