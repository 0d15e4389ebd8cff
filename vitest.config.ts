import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import { LONG, shared } from './vitest.shared.js';

const exclude = [...configDefaults.exclude, LONG];
const globalSetup = 'test/support/redis-server.ts';
const withPrograms = [globalSetup, 'test/support/programs.ts'];

/** `npm test`. */
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      projects: [
        { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], exclude, testTimeout: 30_000 } },
        // What docs/testing.md shows, within vitest's own limit of 5 s.
        { extends: true, test: { name: 'examples', include: ['examples/testing/*.test.js'] } },
        {
          extends: true,
          test: {
            // They run the compiler.
            name: 'compile',
            include: ['test/compile/**/*.test.ts'],
            exclude,
            testTimeout: 120_000,
          },
        },
        {
          extends: true,
          test: {
            name: 'contract',
            include: ['test/contract/**/*.test.ts'],
            exclude,
            globalSetup,
            testTimeout: 30_000,
          },
        },
        {
          extends: true,
          test: {
            name: 'integration',
            include: ['test/integration/**/*.test.ts'],
            exclude: [...exclude, 'test/integration/cluster/**'],
            globalSetup: withPrograms,
            testTimeout: 60_000,
          },
        },
        {
          extends: true,
          test: { name: 'fuzz', include: ['test/fuzz/**/*.test.ts'], exclude, globalSetup, testTimeout: 60_000 },
        },
        {
          extends: true,
          test: { name: 'chaos', include: ['test/chaos/*.test.ts'], exclude, testTimeout: 120_000 },
        },
        {
          extends: true,
          test: { name: 'simulation', include: ['test/simulation/*.test.ts'], exclude, testTimeout: 120_000 },
        },
        {
          extends: true,
          test: {
            // After all of these: they start many processes.
            name: 'cluster',
            include: ['test/integration/cluster/**/*.test.ts'],
            exclude,
            globalSetup: withPrograms,
            testTimeout: 120_000,
            sequence: { groupOrder: 1 },
          },
        },
      ],
    },
  }),
);
