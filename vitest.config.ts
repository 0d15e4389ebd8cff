import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig, mergeConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';
import { plainSources } from './test/support/sources.js';
import { LONG, SWEEP, shared } from './vitest.shared.js';

const UNIT = 'test/unit/**/*.test.ts';
/** What `npm run test:unit` leaves to `npm test`: sweeps, what reads the pages, what loads a framework of its own, and what waits for real time. */
const NOT_QUICK = [
  `test/unit/${SWEEP}`,
  ...['docs/*', 'nestjs/**/*', 'console/*', 'memory/schema-tasks', 'worker/contract'].map(
    (files) => `test/unit/${files}.test.ts`,
  ),
  ...['carillon/in-memory', 'carillon/testing/test-cluster', 'memory/real-work'].map((f) => `test/unit/${f}.test.ts`),
];

/** Whether unit tests have Node.js load the sources: `require` finds the package for Redis among them then. */
const IS_PLAIN = process.argv.includes('run');

/**
 * `npm test`. Few projects: the workers of each import all modules once more. A project is begun once no file of the one
 * before of its group waits for a worker.
 */
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      sequence: { sequencer: LongestFirst },
      projects: [
        {
          extends: true,
          test: {
            // All that needs Redis, other processes or the compiler.
            name: 'integration',
            sequence: { groupOrder: 1 },
            include: ['test/**/*.test.ts'],
            exclude: [...configDefaults.exclude, LONG, UNIT],
            setupFiles: ['test/support/with-redis.ts'],
            globalSetup: ['test/support/redis-server.ts', 'test/support/programs.ts'],
          },
        },
        unit('unit', [UNIT], NOT_QUICK),
        unit('unit-slow', NOT_QUICK, []),
        // What docs/testing.md shows, within vitest's own limit.
        {
          extends: true,
          test: {
            name: 'examples',
            include: ['examples/testing/*.test.js'],
            testTimeout: 5_000,
            sequence: { groupOrder: 1 },
          },
        },
      ],
    },
  }),
);

/** They need nothing, and come first: with a worker for each core, each imports all modules half as often. */
function unit(name: string, include: string[], exclude: string[]): TestProjectInlineConfiguration {
  return {
    extends: true,
    // Where tests load files of tasks, these and the tests would each have modules of their own.
    plugins: IS_PLAIN ? [plainSources()] : [],
    test: {
      name,
      include,
      exclude: [...configDefaults.exclude, LONG, ...exclude],
      setupFiles: ['test/support/no-open-sockets.ts', ...(IS_PLAIN ? [] : ['test/support/with-redis.ts'])],
      maxWorkers: availableParallelism(),
      sequence: { groupOrder: 0 },
    },
  };
}
