import { Coordinator } from '@carillon/coordinator';
import {
  type CarillonEvent,
  date,
  interval,
  type ListenOptions,
  MaxInstancesError,
  ResultTimeoutError,
  RunCancelledError,
  RunFailedError,
  RunMissedError,
  RunNotFoundError,
  Scheduler,
} from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { currentRun, Worker } from '@carillon/worker';
import { describe, expect, it, onTestFinished } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';

/** A whole cluster on a clock that only the test advances. Tasks take as long as their argument says, or until their signal is aborted. */
async function setUp(concurrency = 10) {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const tries = new Map<string, number>();
  const sleep = (ms: number) =>
    new Promise<void>((resolve, reject) => {
      const { signal } = currentRun();
      const cancel = clock.after(ms, resolve);
      signal.addEventListener('abort', () => {
        cancel();
        reject(signal.reason);
      });
    });
  const tasks = {
    echo: (value: string) => ({ value }),
    slow: async (ms: number) => {
      await sleep(ms);
      return ms;
    },
    fail: () => {
      throw Object.assign(new TypeError('no'), { code: 'E_NO' });
    },
    flaky: (key: string, failures: number) => {
      const failed = tries.get(key) ?? 0;
      tries.set(key, failed + 1);
      if (failed < failures) throw new Error(`failure ${failed + 1}`);
      return currentRun().attempt;
    },
  };
  const scheduler = new Scheduler<typeof tasks>({ backend: cluster.connect(), logger });
  const coordinator = new Coordinator({ backend: cluster.connect(), logger });
  const worker = new Worker({ backend: cluster.connect(), logger, tasks, executors: { default: { concurrency } } });
  const events: CarillonEvent[] = [];
  await scheduler.addListener((event) => events.push(event));
  await Promise.all([coordinator.start(), worker.start()]);
  await clock.advance(0);
  onTestFinished(async () => {
    const left = Promise.all([scheduler.shutdown(), coordinator.shutdown(), worker.shutdown({ timeout: 0 })]);
    await clock.advance('1m');
    await left;
  });
  const types = (runId: string) =>
    events.flatMap((event) => ('runId' in event && event.runId === runId ? event.type : []));
  return { clock, cluster, scheduler, events, types };
}

/** Returns the outcome of a promise, or 'pending' if it has none yet. */
async function now<T>(clock: VirtualClock, promise: Promise<T>): Promise<T | Error | 'pending'> {
  let outcome: T | Error | 'pending' = 'pending';
  promise.then(
    (value) => {
      outcome = value;
    },
    (error: Error) => {
      outcome = error;
    },
  );
  await clock.advance(0);
  return outcome;
}

describe('results', () => {
  it('reach any caller that asks, before and after it ended', async () => {
    const { clock, scheduler } = await setUp();
    const run = await scheduler.enqueue('slow', [500]);
    const result = run.result();
    await clock.advance('400ms');
    expect(await now(clock, result)).toBe('pending');
    expect(await scheduler.getRun(run.runId)).toMatchObject({
      state: 'running',
      attempt: 1,
      jobId: null,
      task: 'slow',
    });
    await clock.advance('100ms');
    expect(await result).toBe(500);
    expect(await run.result()).toBe(500);
    expect(await scheduler.getRun(run.runId)).toMatchObject({
      state: 'executed',
      executions: [{ executionId: `${run.runId}.0`, outcome: 'executed', value: 500 }],
    });
  });

  it('are kept for an hour, or as long as was asked for', async () => {
    const { clock, scheduler } = await setUp();
    const usual = await scheduler.enqueue('echo', ['a']);
    const longer = await scheduler.enqueue('echo', ['b'], { history: { age: '3h' } });
    const shorter = await scheduler.enqueue('echo', ['c'], { history: { age: '1s' } });
    const none = await scheduler.enqueue('echo', ['d'], { history: 'none' });
    const waited = shorter.result();
    await clock.advance('900ms');
    expect(await waited).toEqual({ value: 'c' });
    expect(await now(clock, none.result())).toBeInstanceOf(RunNotFoundError);
    await clock.advance('100ms');
    expect(await scheduler.getRun(shorter.runId)).toBeUndefined();
    await clock.advance('58m');
    for (const run of [usual, longer]) expect(await run.result()).toMatchObject({ value: expect.any(String) });
    await clock.advance('2h');
    expect(await now(clock, usual.result())).toBeInstanceOf(RunNotFoundError);
    expect(await longer.result()).toEqual({ value: 'b' });
    expect(await now(clock, shorter.result())).toBeInstanceOf(RunNotFoundError);
    expect(await scheduler.getRun(usual.runId)).toBeUndefined();
  });

  it('are an error where the task threw', async () => {
    const { clock, scheduler } = await setUp();
    const error = await now(clock, (await scheduler.enqueue('fail')).result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({
      error: { name: 'TypeError', message: 'no', code: 'E_NO' },
      cause: { message: 'no' },
    });
  });

  it('that do not come in time are an error, and the run goes on', async () => {
    const { clock, scheduler } = await setUp();
    const run = await scheduler.enqueue('slow', [5_000]);
    const result = run.result({ timeout: '2s' });
    result.catch(() => {});
    await clock.advance('2s');
    expect(await now(clock, result)).toBeInstanceOf(ResultTimeoutError);
    await clock.advance('3s');
    expect(await run.result()).toBe(5_000);
  });

  it('of a run that started too late are an error', async () => {
    const { clock, scheduler } = await setUp(1);
    await scheduler.enqueue('slow', [10_000]);
    await clock.advance(0);
    const policy = { misfireGraceTime: '1s', history: {} } as const;
    await scheduler.addJob({ id: 'late', task: 'echo', args: ['x'], ...policy });
    await clock.advance('11s');
    const [run] = await scheduler.getRuns('late');
    expect(run).toMatchObject({ state: 'missed', executions: [], missed: { first: expect.any(Date) } });
    const { resultOf } = await import('../../../packages/core/src/run/result.js');
    expect(() => run && 'settledAt' in run && resultOf(run)).toThrow(RunMissedError);
  });
});

describe('a run that is asked for beforehand', () => {
  it('runs when it was asked for, and is known as scheduled until then', async () => {
    const { clock, scheduler, types } = await setUp();
    const begun = clock.now();
    const at = new Date(begun + 3_600_000);
    const asked = [
      await scheduler.enqueue('echo', ['a'], { delay: '1h' }),
      await scheduler.enqueue('echo', ['b'], { at, priority: 3 }),
      await scheduler.enqueue('echo', ['c'], { at: '2026-01-01T02:00:00+01:00' }),
    ];
    for (const { runId } of asked) {
      const reported = { state: 'scheduled', scheduledRunTimes: [at], attempt: 0, retryAt: null };
      expect(await scheduler.getRun(runId)).toMatchObject(reported);
    }
    await clock.advance(3_599_999);
    for (const { runId } of asked) expect(types(runId)).toEqual(['job_submitted']);
    await clock.advance(1);
    for (const run of asked) expect(await run.result()).toEqual({ value: expect.any(String) });
    const [run] = asked;
    expect(await scheduler.getRun(run?.runId ?? '')).toMatchObject({ executions: [{ scheduledRunTime: at }] });
  });

  it('in the past runs at once; too late for its grace, it is missed', async () => {
    const { clock, scheduler } = await setUp();
    const at = new Date(clock.now() - 60_000);
    const usual = await scheduler.enqueue('echo', ['a'], { at });
    const late = await scheduler.enqueue('echo', ['a'], { at, misfireGraceTime: '59s' });
    const inTime = await scheduler.enqueue('echo', ['a'], { at, misfireGraceTime: '60s' });
    expect(await now(clock, usual.result())).toEqual({ value: 'a' });
    expect(await now(clock, late.result())).toBeInstanceOf(RunMissedError);
    expect(await now(clock, inTime.result())).toEqual({ value: 'a' });
  });

  it('runs while the job store is paused, and can be cancelled', async () => {
    const { clock, scheduler, types } = await setUp();
    await scheduler.pause();
    const run = await scheduler.enqueue('echo', ['a'], { delay: '1m' });
    const other = await scheduler.enqueue('echo', ['a'], { delay: '1m' });
    expect(await other.cancel()).toBe('cancelled');
    await clock.advance('1m');
    expect(await run.result()).toEqual({ value: 'a' });
    expect(types(other.runId)).toEqual(['job_submitted', 'job_cancelled']);
  });

  it('is refused where it is not known when, or under which key', async () => {
    const { scheduler } = await setUp();
    const wrong = [
      [{ delay: '1h', at: new Date() }, /delay and at/],
      [{ delay: -1 }, /delay/],
      [{ delay: '40000d' }, /at most 36500d/],
      [{ at: new Date(Number.NaN) }, /at .*is not an instant/],
      [{ at: '2026-01-01T00:00:00' }, /offset/],
      [{ at: 5 }, /is not an instant/],
      [{ dedupe: 'k' }, /dedupe/],
      [{ dedupe: { key: '', for: '1h' } }, /dedupe.key/],
      [{ dedupe: { key: 'a\nb', for: '1h' } }, /control character/],
      [{ dedupe: { key: 'a' } }, /dedupe.for/],
      [{ dedupe: { key: 'a', for: 0 } }, /at least 1 ms/],
      [{ dedupe: { key: 'a', for: '366d' } }, /at most 365d/],
      [{ history: { age: '999ms' } }, /at least 1 s/],
      [{ history: 'all' }, /history/],
    ] as const;
    for (const [options, message] of wrong) {
      await expect(scheduler.enqueue('echo', ['a'], options as never)).rejects.toThrow(message);
    }
  });
});

describe('a run that is asked for again under a key', () => {
  it('is the first one, for as long as was said', async () => {
    const { clock, scheduler, events } = await setUp();
    const dedupe = { key: 'order 17', for: '1m' } as const;
    const first = await scheduler.enqueue('echo', ['a'], { dedupe });
    const again = await scheduler.enqueue('echo', ['b'], { dedupe });
    expect([again.runId, first.isDuplicate, again.isDuplicate]).toEqual([first.runId, false, true]);
    expect(await now(clock, again.result())).toEqual({ value: 'a' });
    await clock.advance('59s');
    expect((await scheduler.enqueue('echo', ['c'], { dedupe })).runId).toBe(first.runId);
    expect((await scheduler.enqueue('slow', [1], { dedupe })).runId).not.toBe(first.runId);
    await clock.advance('1s');
    expect((await scheduler.enqueue('echo', ['d'], { dedupe })).runId).not.toBe(first.runId);
    await clock.advance('1s');
    expect(events.filter(({ type }) => type === 'job_executed')).toHaveLength(3);
  });

  it('is one of many at once', async () => {
    const { clock, scheduler, events } = await setUp();
    const ask = () => scheduler.enqueue('echo', ['a'], { dedupe: { key: 'k', for: '1s' }, delay: '1h' });
    const runs = await Promise.all(Array.from({ length: 30 }, ask));
    expect(new Set(runs.map(({ runId }) => runId)).size).toBe(1);
    expect(runs.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1);
    await clock.advance('2h');
    expect(events.filter(({ type }) => type === 'job_submitted')).toHaveLength(1);
  });
});

describe('cancelling', () => {
  it('a run that no worker has started ends at once', async () => {
    const { clock, scheduler, types } = await setUp(1);
    const first = await scheduler.enqueue('slow', [1_000]);
    await clock.advance(0);
    const second = await scheduler.enqueue('slow', [1_000]);
    await clock.advance(0);
    expect(await second.cancel()).toBe('cancelled');
    expect(await now(clock, second.result())).toBeInstanceOf(RunCancelledError);
    expect(await second.cancel()).toBe('cancelled');
    await clock.advance('5s');
    expect(types(second.runId)).toEqual(['job_submitted', 'job_cancelled']);
    expect(await first.result()).toBe(1_000);
  });

  it('a run that is under way has its signal aborted', async () => {
    const { clock, scheduler, types } = await setUp();
    const run = await scheduler.enqueue('slow', [60_000]);
    await clock.advance('1s');
    expect(await scheduler.cancelRun(run.runId)).toBe('cancelling');
    await clock.advance('1s');
    expect(await scheduler.getRun(run.runId)).toMatchObject({ state: 'cancelled' });
    expect(types(run.runId)).toEqual(['job_submitted', 'job_started', 'job_cancelled']);
  });

  it('what is not owed is not cancelled', async () => {
    const { clock, scheduler } = await setUp();
    expect(await now(clock, scheduler.cancelRun('nobody'))).toMatchObject({ code: 'RUN_NOT_FOUND' });
    const run = await scheduler.enqueue('echo', ['a']);
    await clock.advance(0);
    const error = await now(clock, run.cancel());
    expect(error).toMatchObject({ code: 'RUN_NOT_FOUND', message: expect.stringContaining('it has ended (executed)') });
  });

  it('a job is removed with all its runs', async () => {
    const { clock, scheduler, events } = await setUp(2);
    await scheduler.addJob({ id: 'j', task: 'slow', args: [60_000], trigger: interval('1h'), maxInstances: 4 });
    const runs = await Promise.all([1, 2, 3, 4].map(() => scheduler.runJob('j')));
    await clock.advance('1s');
    await scheduler.removeJob('j', { cancelRuns: true });
    await clock.advance('1s');
    for (const run of runs) expect(await now(clock, run.result())).toBeInstanceOf(RunCancelledError);
    expect(events.filter(({ type }) => type === 'job_cancelled')).toHaveLength(4);
    expect(await now(clock, scheduler.removeJob('j', { cancelRuns: true }))).toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  it('the runs of a job that is gone already are cancelled, too', async () => {
    const { clock, scheduler } = await setUp();
    await scheduler.addJob({ id: 'j', task: 'slow', args: [60_000], trigger: interval('1h') });
    const run = await scheduler.runJob('j');
    await clock.advance('1s');
    await scheduler.removeJob('j');
    await scheduler.removeJob('j', { cancelRuns: true });
    await clock.advance('1s');
    expect(await scheduler.getRun(run.runId)).toMatchObject({ state: 'cancelled' });
  });
});

describe('overlap', () => {
  it('queue: the newest one waits, and older ones give way to it', async () => {
    const { clock, scheduler, types } = await setUp();
    await scheduler.addJob({ id: 'j', task: 'slow', args: [1_000], trigger: interval('1h'), overlap: 'queue' });
    const [first, second, third] = [
      await scheduler.runJob('j'),
      await scheduler.runJob('j'),
      await scheduler.runJob('j'),
    ];
    await clock.advance(0);
    expect(await scheduler.getRun(third.runId)).toMatchObject({ state: 'waiting', attempt: 0 });
    expect(await now(clock, second.result())).toBeInstanceOf(MaxInstancesError);
    expect((await scheduler.getRuns('j')).map(({ state }) => state).sort()).toEqual(['running', 'waiting']);
    await clock.advance('2s');
    expect([await first.result(), await third.result()]).toEqual([1_000, 1_000]);
    expect(types(second.runId)).toEqual(['job_max_instances']);
    expect(types(third.runId)).toEqual(['job_submitted', 'job_started', 'job_executed']);
  });

  it('replace: the oldest one is cancelled, the newest one runs', async () => {
    const { clock, scheduler } = await setUp();
    await scheduler.addJob({ id: 'j', task: 'slow', args: [60_000], trigger: interval('1h'), overlap: 'replace' });
    const first = await scheduler.runJob('j');
    await clock.advance('1s');
    const second = await scheduler.runJob('j');
    await clock.advance('2s');
    expect(await now(clock, first.result())).toBeInstanceOf(RunCancelledError);
    expect(await scheduler.getRun(second.runId)).toMatchObject({ state: 'running' });
  });

  it('skip: it does not run', async () => {
    const { clock, scheduler } = await setUp();
    await scheduler.addJob({ id: 'j', task: 'slow', args: [60_000], trigger: interval('1h') });
    await scheduler.runJob('j');
    expect(await now(clock, scheduler.runJob('j'))).toBeInstanceOf(MaxInstancesError);
  });
});

describe('retries', () => {
  it('are as often and as late as their policy says', async () => {
    const { clock, scheduler, events, types } = await setUp();
    const run = await scheduler.enqueue('flaky', ['a', 2], { retry: { attempts: 3, backoff: { delay: '10s' } } });
    await clock.advance('1s');
    expect(await scheduler.getRun(run.runId)).toMatchObject({
      state: 'retrying',
      attempt: 1,
      retryAt: new Date('2026-01-01T00:00:10Z'),
    });
    await clock.advance('1m');
    expect(await run.result()).toBe(3);
    const retrying = events.filter((event) => event.type === 'job_retrying');
    expect(retrying).toMatchObject([
      { attempt: 1, error: { message: 'failure 1' }, retryAt: new Date('2026-01-01T00:00:10Z') },
      { attempt: 2, error: { message: 'failure 2' }, retryAt: new Date('2026-01-01T00:00:30Z') },
    ]);
    const again = ['job_started', 'job_retrying'];
    expect(types(run.runId)).toEqual(['job_submitted', ...again, ...again, 'job_started', 'job_executed']);
  });

  it('end with the last attempt', async () => {
    const { clock, scheduler } = await setUp();
    const run = await scheduler.enqueue('flaky', ['a', 9], { retry: { attempts: 2, backoff: { delay: 0 } } });
    await clock.advance('5s');
    expect(await now(clock, run.result())).toMatchObject({ error: { message: 'failure 2' } });
  });
});

describe('history', () => {
  it('is of as many runs as was asked for, newest first', async () => {
    const { clock, scheduler } = await setUp();
    const history = { perJob: 3 };
    await scheduler.addJob({ id: 'j', task: 'echo', args: ['x'], trigger: interval('1s'), history });
    await scheduler.addJob({ id: 'k', task: 'echo', args: ['x'], trigger: interval('1s') });
    await clock.advance('10s');
    const runs = await scheduler.getRuns('j');
    expect(runs.map(({ scheduledRunTimes }) => scheduledRunTimes[0]?.getUTCSeconds())).toEqual([10, 9, 8]);
    expect(await scheduler.getRuns('j', { limit: 2 })).toEqual(runs.slice(0, 2));
    expect(await scheduler.getRuns('k')).toEqual([]);
    expect((await scheduler.getJob('k'))?.lastRun).toMatchObject({ outcome: 'executed', executed: 10 });
  });

  it('ends after its age', async () => {
    const { clock, scheduler } = await setUp();
    await scheduler.addJob({ id: 'j', task: 'echo', args: ['x'], trigger: date(clock.date), history: { age: '1m' } });
    await clock.advance('59s');
    expect(await scheduler.getRuns('j')).toHaveLength(1);
    await clock.advance('2s');
    expect(await scheduler.getRuns('j')).toEqual([]);
  });
});

describe('maxRuns', () => {
  const job = { id: 'j', task: 'echo', args: ['x'], trigger: interval('1s'), maxRuns: 5 } as const;

  it('the job ends after a number of fire times', async () => {
    const { clock, scheduler, events } = await setUp();
    await scheduler.addJob(job);
    await clock.advance('2500ms');
    expect((await scheduler.getJob('j'))?.runsLeft()).toBe(3);
    await clock.advance('1m');
    expect(await scheduler.getJob('j')).toBeUndefined();
    expect(events.filter(({ type }) => type === 'job_executed')).toHaveLength(5);
    expect(events.at(-1)).toMatchObject({ type: 'job_executed', jobId: 'j' });
    expect(events.find(({ type }) => type === 'job_removed')).toMatchObject({ cause: 'finished' });
  });

  it('deploying it again does not start the count again, not even once it has finished', async () => {
    const { clock, scheduler, events } = await setUp();
    for (let second = 0; second < 9; second++) {
      await scheduler.addJob({ ...job, replaceExisting: true });
      await clock.advance('1s');
    }
    expect(events.filter(({ type }) => type === 'job_executed')).toHaveLength(5);
    expect((await scheduler.addJob({ ...job, replaceExisting: true })).finished).toBe(true);
  });

  it('another number counts from then, and the job keeps its beat', async () => {
    const { clock, scheduler, events } = await setUp();
    await scheduler.addJob({ ...job, replaceExisting: true });
    await clock.advance('2500ms');
    const again = await scheduler.addJob({ ...job, maxRuns: 2, replaceExisting: true });
    expect([again.nextRunTime, again.runsLeft()]).toEqual([new Date('2026-01-01T00:00:03Z'), 2]);
    await clock.advance('1m');
    expect(events.filter(({ type }) => type === 'job_executed')).toHaveLength(4);
  });

  it('pausing holds the count', async () => {
    const { clock, scheduler, events } = await setUp();
    await scheduler.addJob(job);
    await clock.advance('2500ms');
    expect((await scheduler.pauseJob('j')).runsLeft()).toBe(3);
    await clock.advance('1h');
    expect((await scheduler.resumeJob('j')).runsLeft()).toBe(3);
    await clock.advance('1m');
    expect(events.filter(({ type }) => type === 'job_executed')).toHaveLength(5);
  });

  it('can be taken away, and set', async () => {
    const { clock, scheduler } = await setUp();
    await scheduler.addJob(job);
    expect((await scheduler.modifyJob('j', { maxRuns: null })).runsLeft()).toBeNull();
    await clock.advance('10s');
    expect((await scheduler.modifyJob('j', { maxRuns: 1 })).runsLeft()).toBe(1);
    await clock.advance('1s');
    expect(await scheduler.getJob('j')).toBeUndefined();
  });

  it.each(['modifyJob', 'replaceExisting'])('set by %s, it takes away no fire time that is due', async (how) => {
    const { clock, scheduler, events } = await setUp();
    const backlog = { ...job, maxRuns: 100, coalesce: false, replaceExisting: true };
    await scheduler.addJob(backlog);
    await scheduler.pause();
    await clock.advance('5500ms');
    const limited =
      how === 'modifyJob'
        ? await scheduler.modifyJob('j', { maxRuns: 2 })
        : await scheduler.addJob({ ...backlog, maxRuns: 2 });
    expect([limited.maxRuns, limited.runsLeft()]).toEqual([2, 5]);
    await scheduler.resume();
    await clock.advance('1m');
    const executed = events.filter((event) => event.type === 'job_executed');
    const seconds = [1, 2, 3, 4, 5].map((second) => new Date(Date.parse('2026-01-01T00:00:00Z') + second * 1_000));
    expect(executed.map(({ scheduledRunTime }) => scheduledRunTime)).toEqual(seconds);
    expect((await scheduler.audit()).findings).toEqual([]);
    expect((await scheduler.explain('j', seconds.at(-1) as Date)).code).toBe('executed');
    expect(await scheduler.getJob('j')).toBeUndefined();
  });

  it('a backlog counts, however it ends', async () => {
    const { clock, scheduler, events } = await setUp();
    await scheduler.addJob(job);
    await scheduler.pause();
    await clock.advance('1m');
    await scheduler.resume();
    await clock.advance('1m');
    const submitted = events.filter((event) => event.type === 'job_submitted');
    expect(submitted).toMatchObject([{ scheduledRunTimes: [new Date('2026-01-01T00:00:05Z')] }]);
    expect(submitted[0]?.coalesced).toEqual({
      first: new Date('2026-01-01T00:00:01Z'),
      last: new Date('2026-01-01T00:00:04Z'),
    });
  });
});

describe('listeners that need every event', () => {
  const heard = async (scheduler: Scheduler<never>, options: ListenOptions) => {
    const events: CarillonEvent[] = [];
    await scheduler.addListener((event) => events.push(event), ['job_executed'], options);
    return events;
  };

  it('hear what was published since then, and what comes', async () => {
    const { clock, scheduler } = await setUp();
    await scheduler.addJob({ id: 'j', task: 'echo', args: ['x'], trigger: interval('1s') });
    await clock.advance('5s');
    const all = await heard(scheduler as never, { since: new Date('2026-01-01T00:00:00Z') });
    const later = await heard(scheduler as never, { since: new Date('2026-01-01T00:00:04Z') });
    await clock.advance('5s');
    expect(all.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(later.map(({ seq }) => seq)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    const after = await heard(scheduler as never, { since: all[6]?.eventId });
    await clock.advance(0);
    expect(after).toEqual(all.slice(7));
  });

  it('of several job stores: from a time in each, from an event in the one that is named', async () => {
    const { clock, cluster, scheduler } = await setUp();
    const both = new Scheduler({ backend: cluster.connect(), jobStores: ['default', 'other'], logger });
    onTestFinished(() => both.shutdown());
    await both.start();
    const events: CarillonEvent[] = [];
    await both.addListener((event) => events.push(event), ['job_added'], { since: clock.date });
    await scheduler.addJob({ id: 'a', task: 'echo', args: ['x'], trigger: interval('1h') });
    await both.addJob({ id: 'b', task: 'echo', args: ['x'], trigger: interval('1h'), jobStore: 'other' });
    await clock.advance('1s');
    expect(events.map(({ jobStore }) => jobStore).sort()).toEqual(['default', 'other']);
    const since = events.find(({ jobStore }) => jobStore === 'other')?.eventId;
    const refused = now(
      clock,
      both.addListener(() => {}, undefined, { since }),
    );
    expect(await refused).toMatchObject({
      code: 'INVALID_OPTIONS',
      message: expect.stringContaining('default, other'),
    });
    const named: CarillonEvent[] = [];
    await both.addListener((event) => named.push(event), ['job_added'], { since, jobStore: 'other' });
    await both.addJob({ id: 'c', task: 'echo', args: ['x'], trigger: interval('1h'), jobStore: 'other' });
    await scheduler.addJob({ id: 'd', task: 'echo', args: ['x'], trigger: interval('1h') });
    await clock.advance('1s');
    expect(named).toMatchObject([{ jobId: 'c' }]);
  });

  it.each<[unknown, RegExp]>([
    [{ since: 'yesterday' }, /neither a valid Date nor the eventId/],
    [{ since: new Date(Number.NaN) }, /neither a valid Date/],
    [{ since: 5 }, /neither a valid Date/],
    [{ since: '1-0', jobStore: 'x' }, /is not configured here/],
    [{ jobStore: 'default' }, /give it together with since/],
    [{ from: 'x' }, /unknown option from/],
  ])('%j is refused, and a listener that is there stays', async (options, says) => {
    const { clock, scheduler } = await setUp();
    const events: CarillonEvent[] = [];
    const listener = (event: CarillonEvent) => events.push(event);
    await scheduler.addListener(listener);
    expect(await now(clock, scheduler.addListener(listener, undefined, options as ListenOptions))).toMatchObject({
      message: expect.stringMatching(says),
    });
    await scheduler.pause();
    await clock.advance(0);
    expect(events).toMatchObject([{ type: 'scheduler_paused' }]);
  });
});
