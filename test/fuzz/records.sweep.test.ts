import { randomInt } from 'node:crypto';
import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { Worker } from '@carillon/worker';
import { type RedisServer, startRedis } from 'carillon/local-redis';
import { Redis } from 'ioredis';
import { type Logger, pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { someOf, sweep } from '../support/sweep.js';
import { DAMAGES, randomDamage, WRONG_TYPES } from './damages.js';

const ROUNDS = sweep(2, 12) * Number(process.env.CARILLON_FUZZ ?? 1);
const NEIGHBOURS = ['n1', 'n2'];
/** The limit for all tests that run at a time: five times what their jobs need, which fire ten times a second. */
const CALLS_PER_SECOND = 10_000;
/** Five times the longest pause between two runs of a job (ten a second) on a busy machine; on a quiet one the longest is 0.2 s. */
const MOST_PAUSE_MS = 10_000;
/** A claim does not overwrite the damage this many times in a row. */
const MOST_TRIES = 20;

let server: RedisServer;
let client: Redis;
let prefixes = 0;

beforeAll(async () => {
  server = await startRedis();
  client = new Redis(server.url);
});

afterAll(async () => {
  client.disconnect();
  await server.stop();
});

/** Starts a cluster with a job to be damaged, and its neighbours. */
async function atWork(onEnd: (end: () => Promise<void>) => void, jobStores: readonly string[] = ['default']) {
  const prefix = `fuzz${++prefixes}`;
  const logged: string[] = [];
  const logger: Logger = pino(
    { level: 'warn' },
    { write: (line: string) => void logged.push((JSON.parse(line).err?.message as string | undefined) ?? line) },
  );
  const ran = new Map<string, { readonly times: number; readonly at: number; readonly longestPauseMs: number }>();
  const run = (id: string) => {
    const at = performance.now();
    const last = ran.get(id) ?? { times: 0, at, longestPauseMs: 0 };
    ran.set(id, { times: last.times + 1, at, longestPauseMs: Math.max(last.longestPauseMs, at - last.at) });
  };
  const common = { redis: server.url, prefix, logger, jobStores };
  const coordinator = new Coordinator({ ...common, lease: 3_000 });
  const worker = new Worker({ ...common, tasks: { run }, lease: 3_000 });
  const scheduler = new Scheduler(common);
  onEnd(async () => {
    await Promise.all([coordinator.shutdown(), worker.shutdown({ timeout: 0 })]);
    await scheduler.shutdown();
  });
  await Promise.all([coordinator.start(), worker.start()]);
  for (const jobStore of jobStores) {
    for (const id of ['victim', ...NEIGHBOURS]) {
      const trigger = interval({ milliseconds: 100 });
      await scheduler.addJob({ id, task: 'run', args: [`${jobStore} ${id}`], trigger, jobStore });
    }
  }
  /** Waits until each of these jobs has run more than `times` times from now on. */
  async function goOn(jobStore: string, ids: readonly string[], times = 3) {
    const names = ids.map((id) => `${jobStore} ${id}`);
    const count = (name: string) => ran.get(name)?.times ?? 0;
    const before = names.map(count);
    await eventually(() => {
      for (const [index, name] of names.entries())
        expect(count(name), name).toBeGreaterThan((before[index] ?? 0) + times);
    });
  }
  for (const jobStore of jobStores) await goOn(jobStore, ['victim', ...NEIGHBOURS], 0);
  const longestPauseMs = (jobStore: string, id: string) => ran.get(`${jobStore} ${id}`)?.longestPauseMs ?? 0;
  return { longestPauseMs, base: (jobStore = 'default') => `{${prefix}:${jobStore}}:`, scheduler, logged, goOn };
}

async function scriptCalls(): Promise<number> {
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0);
}

/** Reads all keys at one instant: while they are read one by one, a value can move from a key that was not read yet to one that was. */
const EVERYTHING = `
local texts = {}
for _, name in ipairs(redis.call('KEYS', ARGV[1])) do
  local type = redis.call('TYPE', name).ok
  if type == 'string' then texts[#texts + 1] = redis.call('GET', name) end
  if type == 'hash' then texts[#texts + 1] = redis.call('HGETALL', name) end
  if type == 'zset' then texts[#texts + 1] = redis.call('ZRANGE', name, 0, -1, 'WITHSCORES') end
  if type == 'stream' then texts[#texts + 1] = redis.call('XRANGE', name, '-', '+') end
end
return texts`;

/** Returns the contents of a job store's strings, hashes, sorted sets and streams, in one text. */
async function everything(base: string): Promise<string> {
  return JSON.stringify(await client.eval(EVERYTHING, 0, `${base.replace(/[[\]?*\\]/g, '\\$&')}*`));
}

describe.concurrent('a record that another program wrote', () => {
  const seed = Number(process.env.CARILLON_FUZZ_SEED ?? randomInt(2 ** 31));
  const random = Array.from({ length: ROUNDS }, (_, index) => randomDamage(seed + index));
  test.for([...someOf(DAMAGES, 6), ...random].map((damage) => [damage.what, damage] as const))(
    '%s: its neighbours go on, new jobs run, nothing of it is lost',
    async ([, damage], { onTestFinished }) => {
      const { base, scheduler, goOn, longestPauseMs } = await atWork(onTestFinished);
      for (let time = 0; time < MOST_TRIES; time++) {
        await damage.inflict(client, base());
        await goOn('default', NEIGHBOURS);
        // A claim under way may have overwritten it before any member could read it: on a busy machine every second claim does.
        if (!damage.trace || (await everything(base())).includes(damage.trace)) break;
      }
      const [calls, from] = [await scriptCalls(), performance.now()];
      await goOn('default', NEIGHBOURS);
      const perSecond = ((await scriptCalls()) - calls) / ((performance.now() - from) / 1_000);
      expect(perSecond).toBeLessThan(CALLS_PER_SECOND);
      await scheduler.addJob({
        id: 'new',
        task: 'run',
        args: ['default new'],
        trigger: interval({ milliseconds: 100 }),
      });
      await goOn('default', ['new', ...NEIGHBOURS], 1);
      await scheduler.enqueue('run', ['default enqueued']).then((run) => run.result({ timeout: '20s' }));
      for (const id of NEIGHBOURS) expect(longestPauseMs('default', id)).toBeLessThan(MOST_PAUSE_MS);
      if (damage.trace) expect(await everything(base())).toContain(damage.trace);
    },
  );
});

/** Replaces a key in one call: otherwise a write in between would be lost. Returns whether the key existed. */
const SPOIL = `
local type = redis.call('TYPE', KEYS[1]).ok
if type ~= 'none' then redis.call('RENAME', KEYS[1], KEYS[2]) end
if type == 'string' then redis.call('RPUSH', KEYS[1], 'garbage') else redis.call('SET', KEYS[1], 'garbage') end
return type ~= 'none' and 1 or 0`;

describe.concurrent('a key of another type', () => {
  test.for(WRONG_TYPES)(
    '%s: it is named, other job stores go on, and all does once it is moved away',
    async (name, { onTestFinished }) => {
      const { base, logged, goOn, scheduler } = await atWork(onTestFinished, ['default', 'other']);
      const key = base() + name;
      const moved = `${key}.as-it-was`;
      const wasThere = (await client.eval(SPOIL, 2, key, moved)) === 1;
      const reported = await Promise.allSettled([scheduler.addJob({ id: 'new', task: 'run' }), scheduler.inspect()]);
      await goOn('other', ['victim', ...NEIGHBOURS]);
      await eventually(() => {
        const reasons = reported.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
        expect([...logged, ...reasons].join('\n')).toContain(name === 'leader' ? '`leader`' : `key ${key} holds a `);
      });
      // The members log a few lines a second at most, however many steps fail.
      expect(logged.length).toBeLessThan(100);

      const mend = client.multi().rename(key, `${key}.garbage`);
      if (wasThere) mend.rename(moved, key);
      await mend.exec();
      await goOn('default', NEIGHBOURS);
    },
  );
});
