import { createHook } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Coordinator } from '@carillon/coordinator';
import { type Duration, date, interval, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { Worker } from '@carillon/worker';
import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../support/ask.js';
import { eventually } from '../support/eventually.js';

const silent = defaultLogger();
silent.level = 'silent';

/** Starts a coordinator and a worker in this process, on a Redis that no other test uses. Counts the calls of the task. */
async function onOwnRedis(settings: { readonly lease?: Duration } = {}) {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  let ran = 0;
  let reported = () => {};
  const tasks = {
    noop: () => {
      ran++;
      reported();
    },
  };
  const carillon = new Carillon({
    redis: redis.url,
    logger: silent,
    tasks,
    executors: { default: { concurrency: 50 } },
    ...settings,
  });
  onTestFinished(() => carillon.shutdown({ timeout: '5s' }));
  await carillon.start();
  const next = () => new Promise<void>((resolve) => (reported = resolve));
  // Asks the worker, as a question to Redis would count.
  const settled = (runs: number) =>
    eventually(() => expect({ ran, running: carillon.health().worker.running }).toEqual({ ran: runs, running: 0 }));
  return { url: redis.url, carillon, next, settled };
}

interface Cost {
  /** Calls of scripts. */
  readonly scripts: number;
  /** All commands, those inside scripts included. */
  readonly commands: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The work of this Redis so far, and the length of the answer to this question, which is not part of that work. */
async function cost(url: string): Promise<Cost & { readonly answerBytes: number }> {
  const info = (await ask(url, ['INFO', 'everything'])) ?? '';
  const number = (line: RegExp) => Number(line.exec(info)?.[1] ?? 0);
  const calls = [...info.matchAll(/cmdstat_[^:]+:calls=(\d+)/g)].map(([, count]) => Number(count));
  return {
    scripts: number(/cmdstat_evalsha:calls=(\d+)/) + number(/cmdstat_fcall:calls=(\d+)/),
    commands: calls.reduce((sum, count) => sum + count, 0),
    bytesIn: number(/total_net_input_bytes:(\d+)/),
    bytesOut: number(/total_net_output_bytes:(\d+)/),
    answerBytes: Buffer.byteLength(info),
  };
}

async function costARun(url: string, runs: number, work: () => Promise<void>): Promise<Cost> {
  const before = await cost(url);
  await work();
  const after = await cost(url);
  const each = (name: keyof Cost, own = 0) => Number(((after[name] - before[name] - own) / runs).toFixed(1));
  const bytesOut = each('bytesOut', before.answerBytes);
  return { scripts: each('scripts'), commands: each('commands'), bytesIn: each('bytesIn'), bytesOut };
}

/** How often each command was called so far, also inside scripts, without the calls that ask for this. */
async function callsOf(url: string): Promise<ReadonlyMap<string, number>> {
  const info = (await ask(url, ['INFO', 'commandstats'])) ?? '';
  const calls = [...info.matchAll(/cmdstat_([^:]+):calls=(\d+)/g)];
  return new Map(calls.map(([, name = '', count]) => [name, name === 'info' ? 0 : Number(count)]));
}

/** The lowest count of each command. */
function leastOf(all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const names = new Set(all.flatMap((calls) => [...calls.keys()]));
  return new Map([...names].map((name) => [name, Math.min(...all.map((calls) => calls.get(name) ?? 0))]));
}

const isMore = (measured: Cost, bound: Cost) =>
  Object.entries(bound).some(([name, most]) => measured[name as keyof Cost] > most);

/** Checks a cost. If it is too high, prints the clients of this Redis and all that it did. */
async function expectAtMost(url: string, what: string, measured: Cost, bound: Cost): Promise<void> {
  console.info(`${what}: ${JSON.stringify(measured)}`);
  if (isMore(measured, bound)) {
    for (const question of [
      ['CLIENT', 'LIST'],
      ['INFO', 'commandstats'],
    ])
      console.info(await ask(url, question));
  }
  expect(measured.scripts).toBeGreaterThan(0);
  for (const name of ['scripts', 'commands', 'bytesIn', 'bytesOut'] as const) {
    expect(measured[name], `${name} a run, ${what}`).toBeLessThanOrEqual(bound[name]);
  }
}

/** Runs another cluster on this Redis, which loads the scripts: their sources, some sent twice, would count for the runs. */
async function loadScripts(redis: string): Promise<void> {
  let ran = 0;
  const tasks = { noop: () => void ran++ };
  await using other = new Carillon({ redis, prefix: 'other', logger: silent, tasks });
  await other.start();
  await other.addJobs(dueAtOnce(20));
  await eventually(() => expect({ ran, running: other.health().worker.running }).toEqual({ ran: 20, running: 0 }));
}

function dueAtOnce(count: number) {
  const trigger = date(new Date(Date.now() + 1_500));
  return Array.from({ length: count }, (_, index) => ({ id: `job-${index}`, task: 'noop' as const, trigger }));
}

test('what a job that is added by itself asks of Redis, and of its own process', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  await using scheduler = new Scheduler({ redis: redis.url, logger: silent });
  const trigger = interval({ hours: 1 });
  const add = (id: string) => scheduler.addJob({ id, task: 'noop', args: [id], trigger });
  await add('first');
  const calls: ReadonlyMap<string, number>[] = [];
  const promises: number[] = [];
  let made = 0;
  const hook = createHook({
    init(_, type) {
      if (type === 'PROMISE') made++;
    },
  });
  // Once a second, the client also reads the clock of Redis: the lowest count is the right one.
  for (let index = 0; index < 10; index++) {
    const before = await callsOf(redis.url);
    made = 0;
    hook.enable();
    await add(`job-${index}`);
    hook.disable();
    promises.push(made);
    const after = await callsOf(redis.url);
    calls.push(new Map([...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)])));
  }
  const least = leastOf(calls);
  const commands = [...least.values()].reduce((sum, count) => sum + count, 0);
  expect(least.get('evalsha')).toBe(1);
  expect(commands).toBeLessThanOrEqual(19);
  expect(Math.min(...promises)).toBeLessThanOrEqual(24);
});

test('what 500 runs that are due at once ask of Redis', async () => {
  const { url, carillon, settled } = await onOwnRedis();
  await loadScripts(url);
  await carillon.addJobs(dueAtOnce(500));
  const measured = await costARun(url, 500, () => settled(500));
  await expectAtMost(url, '500 at once', measured, { scripts: 5, commands: 82, bytesIn: 3_700, bytesOut: 1_300 });
});

test('what runs that are due one after the other, 500 in a second, ask of Redis', async () => {
  const { url, carillon, settled } = await onOwnRedis();
  const addASecond = async (name: string) => {
    const first = Date.now() + 1_000;
    const due = (index: number) => date(new Date(first + 2 * index));
    await carillon.addJobs(
      Array.from({ length: 500 }, (_, index) => ({
        id: `${name}-${index}`,
        task: 'noop' as const,
        trigger: due(index),
      })),
    );
  };
  // This comes first: it lets the worker report how long runs take.
  await addASecond('first');
  await settled(500);
  await addASecond('then');
  const measured = await costARun(url, 500, () => settled(1_000));
  // A slower machine collects more of them, and each costs less.
  await expectAtMost(url, '500 in a second', measured, {
    scripts: 5.5,
    commands: 100,
    bytesIn: 4_200,
    bytesOut: 1_300,
  });
});

/** Exact bounds: a few calls of a whole batch belong to its last run, or to the one before it. */
const ONE_BY_ONE: Cost = { scripts: 12.1, commands: 193, bytesIn: 8_000, bytesOut: 1_600 };

test('what runs that come one by one ask of Redis', async () => {
  // A leader that rarely has to renew its lease.
  const { url, carillon, next, settled } = await onOwnRedis({ lease: '10m' });
  const batches: Cost[] = [];
  const calls: ReadonlyMap<string, number>[] = [];
  // Work of each second adds to this, and more of it on a slower machine. Every batch shows the work for its runs.
  const measured = (): Cost => {
    const each = leastOf(calls);
    return {
      scripts: (each.get('evalsha') ?? 0) / 20,
      commands: [...each.values()].reduce((sum, count) => sum + count, 0) / 20,
      bytesIn: Math.min(...batches.map(({ bytesIn }) => bytesIn)),
      bytesOut: Math.min(...batches.map(({ bytesOut }) => bytesOut)),
    };
  };
  // If each of six batches took a second or more, later ones may take less.
  const isEnough = () => batches.length >= 6 && !isMore(measured(), ONE_BY_ONE);
  for (let ran = 20; ran <= 1_000 && !isEnough(); ran += 20) {
    const before = await callsOf(url);
    const batch = await costARun(url, 20, async () => {
      for (let index = 0; index < 20; index++) {
        const began = next();
        await carillon.enqueue('noop');
        await began;
      }
      await settled(ran);
    });
    batches.push(batch);
    const after = await callsOf(url);
    calls.push(new Map([...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)])));
  }
  await expectAtMost(url, 'one by one', measured(), ONE_BY_ONE);
});

/** Calls of clients in 10 s, of two coordinators and two workers that have nothing to do. BullMQ's calls are included. */
const IDLE = { evalsha: 68, pttl: 6, ping: 10, bzpopmin: 5 };

test('what a cluster that has nothing to do asks of Redis', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const place = { redis: redis.url, logger: silent };
  const worker = { ...place, tasks: { noop: () => {} } };
  const members = [new Coordinator(place), new Coordinator(place), new Worker(worker), new Worker(worker)];
  onTestFinished(async () => {
    await Promise.all(members.map((member) => member.shutdown()));
  });
  for (const member of members) await member.start();
  const windows: ReadonlyMap<string, number>[] = [];
  // The first window may include calls of starting members. Work that is done every 5 s is in some windows more often than in others.
  const isMore = () => Object.entries(IDLE).some(([name, most]) => (leastOf(windows).get(name) ?? 0) > most);
  while (windows.length < 2 || (windows.length < 6 && isMore())) {
    const from = performance.now();
    const before = await callsOf(redis.url);
    await sleep(5_000);
    const after = await callsOf(redis.url);
    const in10S = 10_000 / (performance.now() - from);
    windows.push(new Map([...after].map(([name, count]) => [name, (count - (before.get(name) ?? 0)) * in10S])));
  }
  const least = leastOf(windows);
  console.info(`idle, 10 s: ${JSON.stringify(Object.fromEntries(least))}`);
  for (const [name, most] of Object.entries(IDLE)) expect(least.get(name) ?? 0, name).toBeLessThanOrEqual(most);
  expect(least.get('evalsha')).toBeGreaterThan(0);
});
