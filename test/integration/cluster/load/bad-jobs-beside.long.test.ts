import { Coordinator } from '@carillon/coordinator';
import { type CompiledTrigger, interval } from '@carillon/core';
import type { StoredJob } from '@carillon/core/internal';
import { RedisBackend } from '@carillon/redis';
import { currentRun, Worker } from '@carillon/worker';
import { expect, onTestFinished, test } from 'vitest';
import { captureEvents } from '../../../support/captured-events.js';
import { eventually } from '../../../support/eventually.js';
import { newScheduler, Stored, silent } from '../../../support/in-process.js';
import { redisUrl } from '../../../support/redis.js';

/** Good jobs in each job store. */
const GOOD = 500;
/** How often each good job fires, ms: 100 fire each second, two at each instant, one in each job store. */
const EVERY_MS = 10_000;
const LASTS_MS = 30_000;
/** Both have the same good jobs, coordinator and worker. The bad jobs are in the first one. */
const STORES = ['beside', 'without'] as const;
const BAD_OF_A_KIND = 8;
/** The most times the leader may ask a slow trigger for a run. It asks about four times, or more if the run has several fires. */
const PLANS_OF_A_RUN = 6;
/** Longer than planning a slow job may take until it is planned after the others, ms. */
const SLOW_MS = 60;

/** Spoils the stored record of a job: `<rev> <generation> <digest> <JSON>`. */
const SPOILED: Readonly<Record<string, (record: string) => string>> = {
  garbled: () => '\u0000 garbage',
  unreadable: (record) => record.replace('{', '{{'),
  uncompilable: (record) => withTrigger(record, { type: 'cron', expression: '61 * * * *' }),
  unknown: (record) => withTrigger(record, { type: 'whenever' }),
  neverFiring: (record) => withTrigger(record, { type: 'cron', expression: '0 0 30 2 *' }),
};
/** Triggers that misbehave as the leader asks them. */
const PLANNED: Readonly<Record<string, (compiled: CompiledTrigger) => CompiledTrigger>> = {
  throwing: (compiled) => ({
    ...compiled,
    nextMs: () => {
      throw new RangeError('no fire time');
    },
  }),
  slow: (compiled) => ({
    ...compiled,
    nextMs: (after) => {
      for (const until = performance.now() + SLOW_MS; performance.now() < until; );
      return compiled.nextMs(after);
    },
  }),
};
const KINDS = [...Object.keys(SPOILED), ...Object.keys(PLANNED)];

function withTrigger(record: string, trigger: object): string {
  const [head = '', json = '{}'] = record.split(/(?=\{)(.*)/s);
  return head + JSON.stringify({ ...JSON.parse(json), trigger });
}

const kindOf = (id: string) => id.split(' ')[1] ?? '';

function percentile(values: readonly number[], share: number): number {
  return [...values].sort((one, other) => one - other)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

test('1,000 good jobs fire each time, those in the job store of bad ones of every kind about as late as those in another', async () => {
  const stored = new Stored();
  const { prefix } = stored;
  const place = { prefix, jobStores: [...STORES] };
  const scheduler = newScheduler(prefix, { jobStores: [...STORES] });
  const redis = redisUrl();
  let slowCalls = 0;
  const counted = (compiled: CompiledTrigger): CompiledTrigger => ({
    ...compiled,
    nextMs: (after) => {
      slowCalls += 1;
      return compiled.nextMs(after);
    },
  });
  const triggerOf = ({ id }: StoredJob, compiled: CompiledTrigger) => {
    const planned = PLANNED[kindOf(id)]?.(compiled) ?? compiled;
    return kindOf(id) === 'slow' ? counted(planned) : planned;
  };
  const backend = Object.assign(new RedisBackend({ redis, prefix, report: () => {}, fail: 'never' }), { triggerOf });
  const coordinator = new Coordinator({ backend, jobStores: [...STORES], logger: silent });
  /** How late each fire of a good job was, ms, by job store. */
  const late = { beside: new Map<string, number>(), without: new Map<string, number>() };
  const tasks = {
    good: (store: (typeof STORES)[number]) => {
      const { jobId, scheduledRunTime } = currentRun();
      late[store].set(`${jobId} ${scheduledRunTime.getTime()}`, Date.now() - scheduledRunTime.getTime());
    },
    bad: () => {},
  };
  const worker = new Worker({ redis, ...place, logger: silent, tasks, executors: { default: { concurrency: 50 } } });
  onTestFinished(async () => {
    await coordinator.shutdown();
    await backend.close();
    await worker.shutdown({ timeout: '5s' });
  });
  const events = await captureEvents(scheduler);
  const from = Date.now() + 2_000;
  for (const jobStore of STORES) {
    await scheduler.addJobs(
      Array.from({ length: GOOD }, (_, number) => {
        const startAt = new Date(from + Math.floor((number * EVERY_MS) / GOOD));
        const trigger = interval({ milliseconds: EVERY_MS, startAt });
        return { id: `good ${number}`, jobStore, task: 'good', args: [jobStore], trigger };
      }),
    );
  }
  await Promise.all([coordinator.start(), worker.start()]);

  // The bad jobs are due among the good ones, shuffled over most of the time.
  const bad = KINDS.flatMap((kind) => Array.from({ length: BAD_OF_A_KIND }, (_, n) => `bad ${kind} ${n}`));
  const first = Date.now() + 4_000;
  await scheduler.addJobs(
    bad.map((id, number) => {
      const nextRunTime = new Date(first + ((number * 7_919) % bad.length) * ((LASTS_MS - 12_000) / bad.length));
      return { id, jobStore: 'beside', task: 'bad', trigger: interval('1s'), nextRunTime };
    }),
  );
  const { client } = stored.backend;
  const { jobs } = stored.backend.keys('beside');
  for (const id of bad) {
    const spoil = SPOILED[kindOf(id)];
    if (spoil) await client.hset(jobs, id, spoil((await client.hget(jobs, id)) ?? ''));
  }
  const expected = bad.filter((id) => kindOf(id) !== 'slow');
  const asideIds = () => events.of('job_quarantined').map(({ id }) => id);
  await eventually(() => expect([...asideIds()].sort()).toEqual([...expected].sort()), 120_000);
  // All good jobs fire once more while the slow jobs do.
  const enough = STORES.map((store) => late[store].size + GOOD);
  await eventually(() => {
    for (const [index, store] of STORES.entries()) expect(late[store].size).toBeGreaterThanOrEqual(enough[index] ?? 0);
  }, 120_000);
  for (const store of STORES) await events.upToDate(store);

  const ofGood = ({ jobId }: { readonly jobId: string | null }) => jobId?.startsWith('good ');
  const unwanted = [...events.of('job_missed'), ...events.of('job_error'), ...events.of('job_max_instances')];
  expect(unwanted.filter(ofGood)).toEqual([]);
  const submitted = events.of('job_submitted');
  const [ofSlow, rest] = [submitted.filter(({ jobId }) => kindOf(jobId ?? '') === 'slow'), submitted.filter(ofGood)];
  for (const { jobId, scheduledRunTimes } of rest)
    expect({ jobId, fires: scheduledRunTimes.length }).toMatchObject({ fires: 1 });

  const both = [...late.beside].flatMap(([fire, ms]) => {
    const twin = late.without.get(fire);
    return twin === undefined ? [] : [{ beside: ms, without: twin }];
  });
  const beside = percentile(
    both.map((one) => one.beside),
    0.99,
  );
  const without = percentile(
    both.map((one) => one.without),
    0.99,
  );
  console.log(
    `p99 lateness of ${both.length} fires in each job store: ${beside} ms beside ${bad.length} bad jobs, ${without} ms without; ${slowCalls} slow plans for ${ofSlow.length} runs of slow jobs`,
  );
  // Other load of the machine delays both stores alike. A bad job that stops the others in its store costs them seconds.
  expect(beside).toBeLessThan(2 * without + 500);
  // Planning a slow job holds up the whole process, and so both stores alike. The test counts these plans instead.
  expect(slowCalls).toBeLessThanOrEqual(PLANS_OF_A_RUN * (ofSlow.length + BAD_OF_A_KIND));
}, 400_000);
