import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`packages/${path}`, import.meta.url));

/** Tests in this process read the sources; the processes that tests start run what was built. */
const alias = [
  { find: /^@carillon\/core\/internal$/, replacement: source('core/src/internal.ts') },
  { find: /^@carillon\/core\/memory$/, replacement: source('core/src/memory/index.ts') },
  { find: /^@carillon\/(core|coordinator|worker)$/, replacement: source('$1/src/index.ts') },
  { find: /^carillon\/local-redis$/, replacement: source('carillon/src/local-redis/index.ts') },
  { find: /^carillon$/, replacement: source('carillon/src/index.ts') },
];

export default defineConfig({
  resolve: { alias },
  test: {
    // Most tests wait for something: two at a time is no hurry for two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default', './test/support/count-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          globalSetup: 'test/support/redis-server.ts',
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          exclude: ['test/integration/cluster/**'],
          globalSetup: 'test/support/redis-server.ts',
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'fuzz',
          include: ['test/fuzz/**/*.test.ts'],
          globalSetup: 'test/support/redis-server.ts',
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          // Alone: it keeps all cores busy by itself.
          name: 'simulation',
          include: ['test/simulation/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          // After all of these: they start many processes.
          name: 'cluster',
          include: ['test/integration/cluster/**/*.test.ts'],
          exclude: ['test/integration/cluster/load/**'],
          globalSetup: 'test/support/redis-server.ts',
          testTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          // One file at a time: these keep the machine busy, and look at times.
          name: 'load',
          include: ['test/integration/cluster/load/**/*.test.ts'],
          globalSetup: 'test/support/redis-server.ts',
          testTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          // After those: it kills what it can.
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 4 },
          testTimeout: 120_000,
        },
      },
    ],
  },
});
