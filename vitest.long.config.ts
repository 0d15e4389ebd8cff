import { defineConfig, mergeConfig } from 'vitest/config';
import { LONG, SWEEP, shared } from './vitest.shared.js';

/** `npm run test:long`: many seeds, load, chaos, whole sweeps. One file at a time: each of them keeps the machine busy. */
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      name: 'long',
      include: [`test/${LONG}`, `test/${SWEEP}`],
      env: { CARILLON_SWEEP: 'whole' },
      globalSetup: ['test/support/redis-server.ts', 'test/support/programs.ts'],
      fileParallelism: false,
      testTimeout: 600_000,
    },
  }),
);
