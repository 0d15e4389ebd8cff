import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onPath } from '../../../../packages/carillon/src/local-redis/command.js';
import type { Host } from '../../../../packages/carillon/src/local-redis/host.js';
import { mayNotInstall } from '../../../../packages/carillon/src/local-redis/package.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-path-'));
  await writeFile(join(folder, 'apt-get'), '');
  await chmod(join(folder, 'apt-get'), 0o755);
  await writeFile(join(folder, 'redis-server'), 'not a program');
});

afterAll(() => rm(folder, { recursive: true }));

const debian = (changes: Partial<Host>, said: string[] = []): Host => ({
  env: { PATH: folder },
  root: true,
  terminal: false,
  ask: () => expect.fail('no terminal is there to ask'),
  log: (line) => said.push(line),
  ...changes,
});

test('finds programs on a PATH, not other files', () => {
  expect(onPath(['redis-server', 'apt-get'], `/nowhere::${folder}`)).toBe(join(folder, 'apt-get'));
  expect(onPath(['redis-server'], folder)).toBeUndefined();
  expect(onPath(['redis-server'])).toBeUndefined();
});

test('without a terminal it says what it does, and goes ahead', async () => {
  const said: string[] = [];
  expect(await mayNotInstall(debian({}, said))).toBeUndefined();
  expect(said).toEqual([expect.stringContaining('apt-get install -y redis-server')]);
});

test('at a terminal it asks, and takes no for an answer', async () => {
  const said: string[] = [];
  expect(await mayNotInstall(debian({ terminal: true, ask: async () => true }, said))).toBeUndefined();
  expect(await mayNotInstall(debian({ terminal: true, ask: async () => false }, said))).toContain('declined');
  expect(said).toHaveLength(2);
});

test('a user that is not root, or not on Debian, is neither advised nor asked', async () => {
  const said: string[] = [];
  expect(await mayNotInstall(debian({ root: false }, said))).toContain('root');
  expect(await mayNotInstall(debian({ env: { PATH: '/nowhere' } }, said))).toContain('apt-get');
  expect(said).toEqual([]);
});
