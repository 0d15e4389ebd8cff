import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { test as base, expect } from 'vitest';
import { redisUrl } from '../../support/redis.js';
import { startDemo } from './demo-process.js';

/** Adds a folder for temporary files, and a function that returns the keys the demo left in Redis. */
const test = base.extend<{ folder: string; keysLeft: (output: string) => Promise<string[]> }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it which fixtures are needed
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'carillon-demo-test-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it which fixtures are needed
  keysLeft: async ({}, use) => {
    const client = new Redis(redisUrl());
    await use((output) => client.keys(`*${prefixIn(output)}*`));
    client.disconnect();
  },
});

test('the demo accounts for each fire time, and leaves nothing behind', async ({ folder, keysLeft }) => {
  await using demo = startDemo({ REDIS_URL: redisUrl(), TMPDIR: folder });

  const exitCode = await demo.ended;

  expect(exitCode, demo.output).toBe(0);
  expect(demo.output).not.toContain('\u001b');
  expect(demo.output).toMatch(/Coordinator [12] leads, \d+\.\d s after the kill/);
  const [, before, after] = /The epoch rose from (\d+) to (\d+)/.exec(demo.output) ?? [];
  expect(Number(after)).toBeGreaterThan(Number(before));
  expect(demo.output).toMatch(/Redis holds \d+ jobs/);
  const { mail, audit, extra, all, ...others } = tableIn(demo.output);
  expect(others).toEqual({ welcome: [1, 1], tick: [31, 31], report: [31, 31], quote: [31, 31], slow: [16, 16] });
  for (const row of [mail, audit, extra, all]) expect(row?.[0]).toBe(row?.[1]);
  expect(Math.min(...[mail, audit, extra].map((row) => row?.[1] ?? 0))).toBeGreaterThan(0);
  expect(all?.[0]).toBeGreaterThan(110);
  expect(await keysLeft(demo.output)).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test('interrupted, the demo ends at once and leaves nothing behind', async ({ folder, keysLeft }) => {
  await using demo = startDemo({ REDIS_URL: redisUrl(), TMPDIR: folder });
  await demo.wrote('  0 s ');
  expect(await keysLeft(demo.output)).not.toEqual([]);
  expect(await readdir(folder)).toHaveLength(1);

  demo.signal('SIGINT');

  expect(await demo.ended, demo.output).toBe(130);
  expect(await keysLeft(demo.output)).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
  const pids = [...demo.output.matchAll(/process (\d+)/g)].map(([, pid]) => Number(pid));
  expect(pids).toHaveLength(4);
  expect(pids.filter(isAlive)).toEqual([]);
});

/** The expected and the seen number of each row of the table. */
function tableIn(output: string): Record<string, [number, number]> {
  const rows = output.slice(output.indexOf('6. The reckoning')).matchAll(/^(\w+) +(\d+) +(\d+) .* agrees$/gm);
  return Object.fromEntries([...rows].map(([, name, expected, seen]) => [name, [Number(expected), Number(seen)]]));
}

function prefixIn(output: string): string {
  const [prefix] = /carillon-demo-[0-9a-f]{8}/.exec(output) ?? [];
  if (prefix === undefined) throw new Error(`the demo did not say which prefix it uses:\n${output}`);
  return prefix;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
