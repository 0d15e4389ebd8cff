import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';
import { LONG, SWEEP, shared } from './vitest.shared.js';

/** They compute, and wait for nothing: how much else the machine does is nothing to them. */
const COMPUTING = ['contract', 'simulation', 'unit'].flatMap((folder) =>
  [LONG, SWEEP].map((files) => `test/${folder}/${files}`),
);

/** `npm run test:long`: many seeds, load, chaos, whole sweeps. */
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      env: { CARILLON_SWEEP: 'whole' },
      testTimeout: 600_000,
      setupFiles: ['test/support/with-redis.ts'],
      sequence: { sequencer: LongestFirst },
      projects: [
        {
          extends: true,
          test: {
            name: 'computing',
            include: COMPUTING,
            globalSetup: ['test/support/redis-server.ts', 'test/support/programs.ts'],
            maxWorkers: availableParallelism(),
            sequence: { groupOrder: 0 },
          },
        },
        {
          extends: true,
          test: {
            // Browsers, outages, damaged records, clusters under load: each waits half of its time.
            name: 'waiting',
            include: [`test/${LONG}`, `test/${SWEEP}`],
            exclude: [...configDefaults.exclude, ...COMPUTING],
            globalSetup: ['test/support/redis-server.ts', 'test/support/programs.ts'],
            maxWorkers: Math.ceil(1.5 * availableParallelism()),
            sequence: { groupOrder: 1 },
          },
        },
      ],
    },
  }),
);
