import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { commandLine } from './commands.js';

const MAIN = fileURLToPath(new URL('../../../packages/carillon/dist/cli/main.js', import.meta.url));
const HOOKS = fileURLToPath(new URL('../../support/processes/log-loaded-modules.js', import.meta.url));

/** Returns the URLs of all modules that a command loads; ours are the built ones. */
async function loadedBy(args: readonly string[]): Promise<readonly string[]> {
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', HOOKS, MAIN, ...args]);
  return [...new Set(stderr.split('\n').filter((line) => line.startsWith('file:')))];
}

const of = (urls: readonly string[], ...names: readonly string[]) =>
  urls.filter((url) => names.some((name) => url.includes(`/${name}/`)));

it('the help of the command line loads Commander and no more', async () => {
  const loaded = await loadedBy(['--help']);
  expect(of(loaded, 'commander')).not.toEqual([]);
  expect(of(loaded, 'zod', 'pino', 'ioredis', 'bullmq', 'hono', 'packages/core', 'packages/console')).toEqual([]);
  expect(loaded.length).toBeLessThan(30);
});

it('a command loads what it uses: neither Redis, nor other commands', async () => {
  const loaded = await loadedBy(['next', '0 9 * * *', '--count', '1']);
  expect(of(loaded, 'packages/core')).not.toEqual([]);
  const others = ['packages/redis', 'packages/coordinator', 'packages/worker', 'packages/console', 'core/dist/memory'];
  expect(of(loaded, 'ioredis', 'bullmq', 'tinypool', ...others)).toEqual([]);
});

it('the list of commands shows of each what its own file says', async () => {
  const listed = await commandLine(() => false);
  const loaded = await commandLine(() => true);
  expect(listed.helpInformation()).toContain('enqueue [options] <task>');
  expect(listed.helpInformation()).toBe(loaded.helpInformation());
});
