import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`packages/${path}`, import.meta.url));

/** Tests in this process read the sources; the processes that tests start run what was built. */
const alias = [
  { find: /^@carillon\/core\/internal$/, replacement: source('core/src/internal.ts') },
  { find: /^@carillon\/core\/memory$/, replacement: source('core/src/memory/index.ts') },
  { find: /^@carillon\/(core|redis|coordinator|worker)$/, replacement: source('$1/src/index.ts') },
  { find: /^@carillon\/console\/node$/, replacement: source('console/src/node/index.ts') },
  { find: /^@carillon\/nestjs$/, replacement: source('nestjs/src/index.ts') },
  { find: /^@carillon\/console$/, replacement: source('console/src/index.ts') },
  { find: /^@carillon\/worker\/testing$/, replacement: source('worker/src/testing/index.ts') },
  { find: /^carillon\/alerts$/, replacement: source('carillon/src/alerts/index.ts') },
  { find: /^carillon\/metrics$/, replacement: source('carillon/src/metrics/index.ts') },
  { find: /^carillon\/node-cron$/, replacement: source('carillon/src/node-cron/index.ts') },
  { find: /^carillon\/opentelemetry$/, replacement: source('carillon/src/opentelemetry/index.ts') },
  { find: /^carillon\/testing$/, replacement: source('carillon/src/testing/index.ts') },
  { find: /^carillon\/local-redis$/, replacement: source('carillon/src/local-redis/index.ts') },
  {
    // A thread or process that loads several hundred modules takes three times as long to start.
    find: /^\.\/run-inside-file\.js$/,
    replacement: fileURLToPath(new URL('test/support/run-inside-file.ts', import.meta.url)),
  },
  {
    find: /^\.\/child-file\.js$/,
    replacement: fileURLToPath(new URL('test/support/child-file.ts', import.meta.url)),
  },
  { find: /^carillon$/, replacement: source('carillon/src/index.ts') },
];

/** Files with this in their name are long by nature: `npm run test:long` runs them, `npm test` does not. */
export const LONG = '**/*.long.test.ts';

/** `npm test` runs some cases of these, `npm run test:long` all: `sweep` in `test/support`. */
export const SWEEP = '**/*.sweep.test.ts';

/** Node.js 20 compiles functions so soon that this took a quarter of what short tests take. Later releases compile in one step more. */
const COMPILES_SOON = process.versions.v8.startsWith('11.');

/** What `npm test` and `npm run test:long` share. */
export const shared = {
  resolve: { alias },
  test: {
    // Most tests wait for something: three times as many at a time as there are cores keep these busy.
    maxWorkers: 3 * availableParallelism(),
    // The files of a worker share the modules that they import: to load them again for each file took a third of the time.
    isolate: false,
    // Most of what a test makes is garbage soon: with room for it, little of it is copied.
    execArgv: ['--max-semi-space-size=64', ...(COMPILES_SOON ? ['--interrupt-budget=1000000'] : [])],
    // What was compiled for one run is there for the next one, as long as the file is the same.
    experimental: { fsModuleCache: true },
    // What hangs is ended. What is slow is not: the machine may be busy.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    reporters: ['default', './test/support/count-reporter.ts'],
  },
} satisfies ViteUserConfig;
