import {
  CarillonError,
  compileTrigger,
  type Job,
  type JobChanges,
  type JobSpec,
  type UntypedTasks,
} from '@carillon/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newScheduler, Stored } from '../support/in-process.js';
import { among, anything, FUZZ_TIMEOUT_MS, mostly, runs } from './arbitraries.js';
import { changes, enqueueOptions, ids, specs, taskNames, triggers } from './values.js';

type Spec = JobSpec<UntypedTasks>;

/** Returns the outcome of a call: an answer, or an error that was thrown on purpose with a readable message. */
async function outcome<T>(call: () => T | Promise<T>): Promise<{ answer: T } | { error: CarillonError }> {
  try {
    return { answer: await call() };
  } catch (error) {
    expect(error).toBeInstanceOf(CarillonError);
    const { message } = error as CarillonError;
    expect(message.length).toBeGreaterThan(10);
    expect(message.length).toBeLessThan(5_000);
    expect(message).not.toMatch(/Cannot (read|convert|mix|set)|is not (a function|iterable|defined)|\[object Object\]/);
    return { error: error as CarillonError };
  }
}

/** Returns the data of a job without its methods; null if there is no job. */
const plain = (job: unknown) => JSON.parse(JSON.stringify(job ?? null)) as Record<string, unknown> | null;

/** Fields that are returned as they were given. */
const SAME = [
  'id',
  'task',
  'args',
  'kwargs',
  'name',
  'executor',
  'maxInstances',
  'coalesce',
  'overlap',
  'priority',
] as const;

/** Returns every stored byte, except the answers that the store keeps for a minute for repeated calls. */
async function everything(stored: Stored): Promise<Record<string, string | null>> {
  const keys = (await stored.keys()).filter((key) => !key.includes(':op:'));
  const dumps = await Promise.all(keys.map((key) => stored.backend.client.dumpBuffer(key)));
  return Object.fromEntries(keys.map((key, index) => [key, dumps[index]?.toString('base64') ?? null]));
}

/** Returns the answer of a call; null if it was refused. Checks that a refused call wrote nothing. */
async function answerOf<T extends object>(stored: Stored, call: () => Promise<T>): Promise<T | null> {
  const before = await everything(stored);
  const result = await outcome(call);
  if ('answer' in result) return result.answer;
  expect(await everything(stored)).toEqual(before);
  return null;
}

function expectAsGiven(job: unknown, given: unknown): void {
  const [is, expected] = [plain(job), plain(given)];
  for (const field of SAME) if (expected?.[field] !== undefined) expect(is?.[field]).toEqual(expected[field]);
}

test(
  'a job spec is refused, and nothing is written; or the job reads back as it was given',
  async () => {
    const stored = new Stored();
    const scheduler = newScheduler(stored.prefix);
    await scheduler.start();
    let added = 0;
    await fc.assert(
      fc.asyncProperty(specs, async (spec) => {
        const job = await answerOf(stored, () => scheduler.addJob(spec as Spec));
        if (!job) return;
        added += 1;
        if (!job.finished)
          expect(plain(await scheduler.getJob(job.id))).toEqual({ ...plain(job), revision: expect.any(Number) });
        expectAsGiven(job, spec);
        await scheduler.removeJob(job.id).catch(() => {});
      }),
      runs(600),
    );
    expect(added).toBeGreaterThan(among(30));
  },
  FUZZ_TIMEOUT_MS,
);

test(
  'changes of a job are refused, and it stays; or it reads back as it was changed',
  async () => {
    const stored = new Stored();
    const scheduler = newScheduler(stored.prefix);
    const fresh = () =>
      scheduler.addJob({ id: 'job', task: 'ping', trigger: { type: 'interval', hours: 1 }, replaceExisting: true });
    await fresh();
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(mostly(fc.constant('job')), changes, async (id, given) => {
        const call = () => scheduler.modifyJob(id as string, given as JobChanges<UntypedTasks>);
        const job = await answerOf(stored, call);
        if (!job) return;
        changed += 1;
        expect(plain(await scheduler.getJob('job'))).toEqual(
          job.finished ? null : { ...plain(job), revision: expect.any(Number) },
        );
        expectAsGiven(job, given);
        if (job.finished) await fresh();
      }),
      runs(600),
    );
    expect(changed).toBeGreaterThan(among(30));
  },
  FUZZ_TIMEOUT_MS,
);

test(
  'whatever else is called with whatever arguments: an answer, or an error that says what to do',
  async () => {
    const stored = new Stored();
    const scheduler = newScheduler(stored.prefix);
    const store = mostly(fc.constant('default'));
    const choice = mostly(fc.record({ jobStore: store }, { requiredKeys: [] }));
    type Call = readonly [method: string, args: readonly unknown[]];
    const call = (method: string, ...args: fc.Arbitrary<unknown>[]): fc.Arbitrary<Call> =>
      fc.tuple(...args).map((given) => [method, given]);
    const calls = fc.oneof(
      call('getJob', mostly(ids), choice),
      call('getJobs', mostly(fc.record({ limit: mostly(fc.nat(100)), cursor: mostly(fc.constant(null)) }))),
      call('rescheduleJob', mostly(ids), triggers, choice),
      call('pauseJob', mostly(ids), choice),
      call('resumeJob', mostly(ids), choice),
      call('removeJob', mostly(ids), mostly(fc.record({ cancelRuns: mostly(fc.boolean()) }))),
      call('runJob', mostly(ids), choice),
      call('enqueue', mostly(taskNames), mostly(fc.array(fc.jsonValue())), enqueueOptions),
      call('getRun', mostly(ids), choice),
      call('getRuns', mostly(ids), mostly(fc.record({ limit: mostly(fc.nat(100)) }))),
      call('cancelRun', mostly(ids), choice),
      call('addJobs', mostly(fc.array(specs, { maxLength: 5 }))),
      call('pause', choice),
      call('resume', choice),
      call('inspect', choice),
      call('removeJobStore', mostly(fc.constant('nowhere'))),
      call('removeListener', anything),
    );
    await fc.assert(
      fc.asyncProperty(calls, async ([method, args]) => {
        const methods = scheduler as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
        await outcome(() => methods[method]?.(...args));
      }),
      runs(800),
    );
    expect((await outcome(() => scheduler.inspect())) as object).toHaveProperty('answer');
  },
  FUZZ_TIMEOUT_MS,
);

test(
  'what is not a trigger is refused; what is one names fire times without end, and comes back the same',
  async () => {
    let compiled = 0;
    await fc.assert(
      fc.asyncProperty(triggers, async (trigger) => {
        const result = await outcome(() => compileTrigger(trigger as never, { jobId: 'a', now: new Date(0) }));
        if ('error' in result) return;
        compiled += 1;
        let after: number | null = Date.UTC(2026, 0);
        for (let count = 0; count < 5 && after !== null; count++) {
          const next: number | null = result.answer.nextMs(after);
          if (next !== null) expect(next).toBeGreaterThan(after);
          after = next;
        }
        const again = compileTrigger(JSON.parse(JSON.stringify(trigger)), { jobId: 'a', now: new Date(0) });
        expect(again.nextMs(Date.UTC(2026, 0))).toBe(result.answer.nextMs(Date.UTC(2026, 0)));
      }),
      runs(1_500),
    );
    expect(compiled).toBeGreaterThan(50);
  },
  FUZZ_TIMEOUT_MS,
);

test(
  'jobs that were added in one call are added all or none',
  async () => {
    const stored = new Stored();
    const scheduler = newScheduler(stored.prefix);
    await scheduler.start();
    await fc.assert(
      fc.asyncProperty(fc.array(specs, { minLength: 1, maxLength: 6 }), async (many) => {
        const jobs = (await answerOf(stored, () => scheduler.addJobs(many as Spec[]))) ?? [];
        await Promise.all(jobs.map((job: Job<UntypedTasks>) => job.remove().catch(() => {})));
      }),
      runs(200),
    );
  },
  FUZZ_TIMEOUT_MS,
);
