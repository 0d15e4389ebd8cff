import { date } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { Carillon } from 'carillon';
import { startRedis } from 'carillon/local-redis';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../../packages/carillon/src/local-redis/ping.js';
import { eventually } from '../support/eventually.js';

const silent = defaultLogger();
silent.level = 'silent';

/** A coordinator and a worker in this process, on a Redis that nobody else uses, and how often the task ran. */
async function onOwnRedis() {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  let ran = 0;
  let told = () => {};
  const tasks = {
    noop: () => {
      ran++;
      told();
    },
  };
  const carillon = new Carillon({
    redis: redis.url,
    logger: silent,
    tasks,
    executors: { default: { concurrency: 50 } },
  });
  onTestFinished(() => carillon.shutdown({ timeout: '5s' }));
  await carillon.start();
  const next = () => new Promise<void>((resolve) => (told = resolve));
  // Asks the worker: to ask Redis would count.
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

/** What this Redis has had to do so far, and how long the answer to this question is, which is not among it. */
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

const least = (costs: readonly Cost[]) => costs.reduce((one, other) => (other.commands < one.commands ? other : one));

/** Where it is more, the clients of this Redis and what it did in all say why. */
async function expectAtMost(url: string, what: string, measured: Cost, bound: Cost): Promise<void> {
  console.info(`${what}: ${JSON.stringify(measured)}`);
  if (Object.entries(bound).some(([name, most]) => measured[name as keyof Cost] > most)) {
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

test('what 500 runs that are due at once ask of Redis', async () => {
  const { url, carillon, settled } = await onOwnRedis();
  const due = new Date(Date.now() + 1_500);
  await carillon.addJobs(
    Array.from({ length: 500 }, (_, index) => ({ id: `job-${index}`, task: 'noop' as const, trigger: date(due) })),
  );
  const measured = await costARun(url, 500, () => settled(500));
  await expectAtMost(url, '500 at once', measured, { scripts: 5, commands: 82, bytesIn: 4_000, bytesOut: 1_300 });
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
  // First so that the worker has told how long runs take.
  await addASecond('first');
  await settled(500);
  await addASecond('then');
  const measured = await costARun(url, 500, () => settled(1_000));
  // A slower machine gathers more of them, and each costs less.
  await expectAtMost(url, '500 in a second', measured, {
    scripts: 5.5,
    commands: 100,
    bytesIn: 4_200,
    bytesOut: 1_300,
  });
});

test('what runs that come one by one ask of Redis', async () => {
  const { url, carillon, next, settled } = await onOwnRedis();
  const batches: Cost[] = [];
  for (let ran = 20; ran <= 100; ran += 20) {
    const batch = await costARun(url, 20, async () => {
      for (let index = 0; index < 20; index++) {
        const began = next();
        await carillon.enqueue('noop');
        await began;
      }
      await settled(ran);
    });
    batches.push(batch);
  }
  // A machine that stands still for a while has a worker or a leader ask more often. What each run asks for, every batch shows.
  await expectAtMost(url, 'one by one', least(batches), {
    scripts: 13,
    commands: 198,
    bytesIn: 8_000,
    bytesOut: 1_600,
  });
});
