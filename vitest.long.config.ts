import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';
import { LONG, SWEEP, shared } from './vitest.shared.js';

/** They compute, and wait for nothing: how much else the machine does is nothing to them. */
const COMPUTING = ['contract', 'simulation', 'unit'].flatMap((folder) =>
  [LONG, SWEEP].map((files) => `test/${folder}/${files}`),
);

/** Browsers, outages, damaged records: most of the time they wait for something, and how much else the machine does is little to them. */
const WAITING = [
  'test/integration/console/page*.long.test.ts',
  'test/integration/redis-outage.long.test.ts',
  'test/skew/*.long.test.ts',
  `test/fuzz/${SWEEP}`,
  'test/integration/*.sweep.test.ts',
];

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
            name: 'waiting',
            include: WAITING,
            globalSetup: ['test/support/redis-server.ts', 'test/support/programs.ts'],
            maxWorkers: availableParallelism(),
            sequence: { groupOrder: 1 },
          },
        },
        {
          extends: true,
          test: {
            // One file at a time: each of them keeps the machine busy.
            name: 'load',
            include: [`test/${LONG}`, `test/${SWEEP}`],
            exclude: [...configDefaults.exclude, ...COMPUTING, ...WAITING],
            globalSetup: ['test/support/redis-server.ts', 'test/support/programs.ts'],
            maxWorkers: 1,
            sequence: { groupOrder: 2 },
          },
        },
      ],
    },
  }),
);
