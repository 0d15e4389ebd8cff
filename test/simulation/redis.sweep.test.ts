import { randomInt } from 'node:crypto';
import type { RedisServer } from 'carillon/local-redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../support/sweep.js';
import { startSimulationRedis } from './cluster/redis-server.js';
import failed from './failed-seeds.json' with { type: 'json' };
import { firstDifference, Player } from './player.js';
import { failureText } from './totals.js';

const NEW_SEEDS = sweep(2, 40);
const LIMIT_MS = 600_000;

let server: RedisServer;
let player: Player;

beforeAll(async () => {
  server = await startSimulationRedis();
  player = new Player({ redis: server.url, compare: true });
});

afterAll(async () => {
  await player.close();
  await server.stop();
});

/** How often the server ran a script so far. */
async function scriptsRun(): Promise<number> {
  const client = new Redis(server.url);
  try {
    return Number(/^cmdstat_evalsha:calls=(\d+)/m.exec(await client.info('commandstats'))?.[1]);
  } finally {
    client.disconnect();
  }
}

async function expectNoViolation(seeds: Iterable<number>): Promise<void> {
  for (const seed of seeds) {
    const played = await player.play(seed);
    if (played.violations.length > 0) expect.fail(failureText(played, { redis: true, compare: true }));
  }
}

test('in Redis, a seed replays exactly', { timeout: LIMIT_MS }, async () => {
  const hashes = [];
  for (const seed of [1, 2, 1]) hashes.push((await player.play(seed)).hash);
  expect(hashes[2]).toBe(hashes[0]);
  expect(new Set(hashes).size).toBe(2);
  expect(await scriptsRun()).toBeGreaterThan(1_000);
});

test(`in Redis, no violation in ${NEW_SEEDS} new seeds, each of which goes as in memory`, {
  timeout: LIMIT_MS,
}, async () => {
  const from = randomInt(2 ** 40);
  await expectNoViolation(Array.from({ length: NEW_SEEDS }, (_, index) => from + index));
});

test('in Redis, no violation in the seeds that once failed', { timeout: LIMIT_MS }, async () => {
  const seeds: readonly { readonly seed: number }[] = failed.seeds;
  await expectNoViolation(seeds.map(({ seed }) => seed));
});

test('where a seed does not go as in memory, both ways are reported', () => {
  expect(firstDifference(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual({ at: 1, what: 'in memory: b\n  in Redis:  x' });
  expect(firstDifference(['a', 'b'], ['a'])).toEqual({ at: 1, what: 'in memory: b\n  in Redis:  nothing more' });
  expect(firstDifference(['a'], ['a']).what).toMatch(/when it was played again/);
});
