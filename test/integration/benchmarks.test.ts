import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { quickly } from '../support/bench.js';
import { redisUrl } from '../support/redis.js';

const { commandsOf } = (await import(new URL('../../benchmarks/monitor.js', import.meta.url).href)) as {
  readonly commandsOf: (redis: string, forS: number) => Promise<{ readonly calls: number; readonly inside: number }>;
};

// The smallest benchmark; `benchmarks.long.test.ts` runs all.
test('a benchmark runs to its end, and prints and writes what it found', async () => {
  const { printed, report } = await quickly('adding');
  const { rates = [] } = report.adding ?? {};
  expect(rates).toHaveLength(6);
  for (const { what } of rates) expect(printed).toContain(what);
});

test('commands are counted, also where the first of them arrive with the answer to MONITOR', async () => {
  const clients = [1, 2].map(() => new Redis(redisUrl()));
  let open = true;
  const callers = clients.map(async (client) => {
    while (open) await client.eval("return redis.call('PING')", 0);
  });
  const counted = { calls: 0, inside: 0 };
  for (let round = 0; round < 10; round++) {
    const counting = commandsOf(redisUrl(), 0.05);
    // Redis answers meanwhile, and its answers are read all at once.
    for (let turn = 0; turn < 5; turn++) {
      await new Promise(setImmediate);
      for (const until = performance.now() + 10; performance.now() < until; );
    }
    const { calls, inside } = await counting;
    counted.calls += calls;
    counted.inside += inside;
  }
  open = false;
  await Promise.all(callers);
  for (const client of clients) client.disconnect();
  expect(Math.min(counted.calls, counted.inside)).toBeGreaterThan(0);
});
