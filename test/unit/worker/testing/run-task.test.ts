import { InvalidOptionsError } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { currentRun } from '@carillon/worker';
import { runTask } from '@carillon/worker/testing';
import { expect, test } from 'vitest';

const whole = () => currentRun();

test('currentRun() returns what is given, and is complete where nothing is', async () => {
  const { signal } = new AbortController();
  const logger = defaultLogger();
  const given = {
    runId: 'r',
    executionId: 'e',
    jobId: 'j',
    jobStore: 's',
    scheduledRunTime: new Date(5),
    previousFireTime: new Date(4),
    attempt: 7,
    logger,
  };
  let seen: ReturnType<typeof currentRun> | undefined;
  const look = () => {
    seen = currentRun();
  };
  expect(await runTask(look, [], { ...given, signal })).toBe(undefined);
  expect(seen).toMatchObject(given);
  await runTask(look, []);
  expect(seen).toMatchObject({ runId: 'test', executionId: 'test.0', jobId: null, jobStore: 'default', attempt: 1 });
  expect(seen?.previousFireTime).toBe(null);
  expect(Math.abs(Date.now() - Number(seen?.scheduledRunTime))).toBeLessThan(60_000);
  expect(seen?.signal.aborted).toBe(false);
  // The logger prints nothing.
  seen?.logger.error('unseen');
  expect(() => currentRun()).toThrow('for tasks');
  expect(whole).toThrow('for tasks');
});

test('the types of arguments and results are those of the task', async () => {
  const task = async (to: string, { times }: { times: number }) => to.repeat(times);
  const result: string = await runTask(task, ['ab', { times: 2 }]);
  expect(result).toBe('abab');
  // @ts-expect-error a number is not a string
  await runTask(task, [5, { times: 0 }]).catch(() => {});
  // @ts-expect-error an argument is missing
  await runTask(task, ['x']).catch(() => {});
});

test('a task that throws, at once or later, rejects with just that', async () => {
  const error = new Error('mine');
  await expect(
    runTask(() => {
      throw error;
    }, []),
  ).rejects.toBe(error);
  await expect(runTask(() => Promise.reject(error), [])).rejects.toBe(error);
});

test('progress is reported until the task ends, and is checked as a worker does', async () => {
  const reported: unknown[] = [];
  const onProgress = (value: unknown) => reported.push(value);
  let late = () => {};
  await runTask(
    () => {
      const run = currentRun();
      run.progress(1);
      run.progress({ done: [2] });
      late = () => run.progress(3);
    },
    [],
    { onProgress },
  );
  late();
  expect(reported).toEqual([1, { done: [2] }]);
  await expect(runTask(() => currentRun().progress(new Date() as never), [])).rejects.toThrow('does not survive JSON');
  await runTask(() => currentRun().progress(5), []);
});

test('the signal aborts as the run of the task, with the reason that was given', async () => {
  const abort = new AbortController();
  const reason = new Error('time is up');
  const heard = runTask(
    () =>
      new Promise((resolve) => {
        const { signal } = currentRun();
        signal.addEventListener('abort', () => resolve([signal.reason, currentRun().runId]));
      }),
    [],
    { signal: abort.signal, runId: 'r' },
  );
  abort.abort(reason);
  expect(await heard).toEqual([reason, 'r']);
});

test('what a worker would not take is refused', async () => {
  for (const [call, type, message] of [
    [() => runTask(5 as unknown as () => void, []), InvalidOptionsError, 'not a function'],
    [() => runTask(whole, 'x' as never), InvalidOptionsError, 'args is not an array'],
    [() => runTask(whole, [], { atempt: 2 } as never), InvalidOptionsError, 'atempt'],
    [() => runTask(whole, [], { attempt: 0 }), InvalidOptionsError, 'attempt 0'],
    [() => runTask(whole, [], { scheduledRunTime: new Date('x') }), InvalidOptionsError, 'not a valid Date'],
    [() => runTask(whole, [], { previousFireTime: new Date('x') }), InvalidOptionsError, 'previousFireTime'],
    [() => runTask(whole, [], { previousFireTime: 5 as never }), InvalidOptionsError, 'previousFireTime'],
    [
      () => runTask(whole, [], { previousFireTime: new Date(5), scheduledRunTime: new Date(5) }),
      InvalidOptionsError,
      'previousFireTime',
    ],
    [() => runTask((_: Date) => {}, [new Date()]), TypeError, 'args[0]'],
    [() => runTask((_: unknown) => {}, [{ a: [() => {}] }]), TypeError, 'args[0].a[0]'],
    [() => runTask(() => 1n, []), TypeError, 'BigInt'],
    [() => runTask(() => 'x'.repeat(2 ** 21), []), Error, 'KiB of JSON'],
  ] as const) {
    const failure = await call().then(
      () => 'nothing',
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(type);
    expect((failure as Error).message).toContain(message);
  }
});

test('arguments are a copy, as they are after their way through the job store', async () => {
  const options = { tags: ['a'] };
  await runTask(({ tags }: { tags: string[] }) => void tags.push('b'), [options]);
  expect(options).toEqual({ tags: ['a'] });
});

test('the scheduler is the one that is given; what was not given says how to give it', async () => {
  const task = async (to: string) => {
    const { runId } = await currentRun().scheduler.enqueue('mail.send', [to]);
    return runId;
  };
  const calls: unknown[] = [];
  const scheduler = {
    runs: 0,
    async enqueue(name: string, args: readonly string[]) {
      this.runs++;
      calls.push([name, args]);
      return { runId: `run-${this.runs}` };
    },
  };
  expect(await runTask(task, ['ann'], { scheduler })).toBe('run-1');
  expect(calls).toEqual([['mail.send', ['ann']]]);
  for (const options of [{}, { scheduler: {} }]) {
    const refused = await runTask(task, ['ann'], options).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidOptionsError);
    expect((refused as Error).message).toContain(
      'the task calls scheduler.enqueue, which was not given: pass scheduler',
    );
  }
  await expect(runTask(task, ['ann'], { scheduler: 5 as never })).rejects.toThrow('scheduler is not an object');
});
