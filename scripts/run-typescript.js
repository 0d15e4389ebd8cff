/**
 * Runs a TypeScript program from its source, as tests are run: `node scripts/run-typescript.js <program> [argument …]`.
 * The program exports `main(args)`, which resolves with the exit code.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createViteServer } from 'vitest/node';

const root = fileURLToPath(new URL('..', import.meta.url));
const [program = '', ...args] = process.argv.slice(2);

const server = await createViteServer({
  root,
  configFile: resolve(root, 'vitest.config.ts'),
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
try {
  // Otherwise core would find the build of this package.
  await server.ssrLoadModule('@carillon/redis');
  const { main } = await server.ssrLoadModule(resolve(program));
  process.exitCode = await main(args);
} catch (error) {
  if (error instanceof Error) server.ssrFixStacktrace(error);
  console.error(error);
  process.exitCode = 1;
} finally {
  await server.close();
}
