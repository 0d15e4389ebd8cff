import { date, interval, Scheduler } from '@carillon/core';
import { ownPrefix, seconds, start, until } from './cluster.js';
import { latenessOf } from './lateness.js';
import { onRedis } from './on-redis.js';

const NEIGHBOURS = { neighbour: 'default', elsewhere: 'other' };

/** Runs jobs that are all due at one instant on three workers, beside a job each 500 ms on the same executor and one on another. */
export async function herd({ quick }) {
  const rows = [];
  for (const size of quick ? [200] : [20_000, 50_000]) rows.push(await onRedis((redis) => stampede(redis, size)));
  return { herds: rows };
}

async function stampede(redis, size) {
  const place = { redis, prefix: ownPrefix() };
  const coordinator = await start('coordinator.js', place);
  const served = { ...place, executors: ['default', 'other'] };
  const workers = await Promise.all([1, 2, 3].map(() => start('worker.js', served)));
  const scheduler = new Scheduler(place);

  const due = Date.now() + 3_000 + size / 10;
  await scheduler.addJobs([...neighbours(due), ...members(size, due)]);
  await until(due - 50);
  const counted = new Count(workers);
  await counted.look();
  counted.clear();
  await counted.until(size);
  const settled = await settledAt(scheduler);
  // After this second, the neighbours' last fires during the herd have begun.
  await seconds(1);
  await counted.look();

  await scheduler.shutdown();
  await Promise.all([coordinator, ...workers].map((member) => member.stop()));
  return {
    jobs: size,
    begunS: (counted.lastBegan - due) / 1_000,
    settledS: (settled - due) / 1_000,
    runsPerSecond: Math.round((size * 1_000) / (settled - due)),
    neighbourWorst: latenessOf(counted.lateness.neighbour).worst,
    elsewhereWorst: latenessOf(counted.lateness.elsewhere).worst,
  };
}

const members = (size, due) =>
  Array.from({ length: size }, (_, index) => ({ id: `job-${index}`, task: 'noop', trigger: date(new Date(due)) }));

/** Each fire has its own execution, because a coalesced one would hide how late another is. */
const neighbours = (due) =>
  Object.entries(NEIGHBOURS).map(([task, executor]) => ({
    id: task,
    task,
    executor,
    coalesce: false,
    trigger: interval({ milliseconds: 500, startAt: new Date(due - 1_750) }),
  }));

/** Counts what the workers ran since `clear`. */
class Count {
  #workers;
  lastBegan = 0;

  constructor(workers) {
    this.#workers = workers;
    this.clear();
  }

  clear() {
    this.lateness = { noop: [], neighbour: [], elsewhere: [] };
  }

  async look() {
    for (const { lateness, lastBegan } of await Promise.all(this.#workers.map((worker) => worker.ask()))) {
      for (const task of Object.keys(this.lateness)) this.lateness[task].push(...lateness[task]);
      this.lastBegan = Math.max(this.lastBegan, lastBegan.noop ?? 0);
    }
  }

  async until(size) {
    while (latenessOf(this.lateness.noop).count < size) {
      await seconds(0.25);
      await this.look();
    }
  }
}

/** Returns when no more runs were owed than the neighbours may have. */
async function settledAt(scheduler) {
  while ((await scheduler.inspect()).counts.runs > Object.keys(NEIGHBOURS).length) await seconds(0.05);
  return Date.now();
}
