import { RunCancelledError } from '@carillon/core';
import { VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';
import { ABORT_GRACE_MS, type Limited, Limits } from '../../../packages/worker/src/executors/limits.js';
import type { Outcome } from '../../../packages/worker/src/executors/outcome.js';
import { LazyAbort, type StopSignal, stopSignalOf } from '../../../packages/worker/src/lazy-abort.js';

const DONE: Outcome = { outcome: 'executed', json: '1' };

const begun = (limits: Limits, limited: Limited) => Promise.resolve(limits.run(limited));

/** A task that ends when the test ends it, under limits on a clock that only the test advances. */
function limited({ timeoutMs, kill }: { timeoutMs?: number; kill?: () => Promise<void> } = {}) {
  const clock = new VirtualClock();
  const limits = new Limits(clock);
  const abort = new LazyAbort();
  const cancel = new LazyAbort();
  let end = (_: Outcome) => {};
  let inside: StopSignal | undefined;
  let outcome: Outcome | undefined;
  const ended = new Promise<Outcome>((resolve) => {
    end = resolve;
  });
  const running = begun(limits, {
    signal: abort,
    cancelled: cancel,
    timeoutMs,
    start: (signal, begin) => {
      inside = signal;
      begin();
      return { ended, ...(kill && { kill }) };
    },
  });
  void running.then((came) => {
    outcome = came;
  });
  return { clock, limits, abort, cancel, end, running, inside: () => inside, outcome: () => outcome };
}

test('what ends in time has its own outcome', async () => {
  const { clock, end, running, inside } = limited({ timeoutMs: 1_000 });
  await clock.advance(999);
  end(DONE);
  expect(await running).toEqual(DONE);
  await clock.advance('1h');
  expect(inside()?.aborted).toBe(false);
});

test('when its time is up it is notified, and waited for no longer than a while', async () => {
  const { clock, inside, outcome } = limited({ timeoutMs: 1_000 });
  await clock.advance(1_000);
  expect(inside()?.reason).toMatchObject({ name: 'RunTimeoutError', code: 'RUN_TIMEOUT' });
  await clock.advance(ABORT_GRACE_MS - 1);
  expect(outcome()).toBe(undefined);
  await clock.advance(1);
  expect(outcome()).toMatchObject({ outcome: 'error', error: { name: 'RunTimeoutError', code: 'RUN_TIMEOUT' } });
});

test('when it ends after its time it has failed, and its successor can start at once', async () => {
  const { clock, end, outcome } = limited({ timeoutMs: 1_000 });
  await clock.advance(1_200);
  end(DONE);
  await clock.advance(0);
  expect(outcome()).toMatchObject({ outcome: 'error', error: { code: 'RUN_TIMEOUT' } });
});

test('what does not end is killed after a while, where that can be done', async () => {
  let killed = 0;
  const kill = async () => {
    killed++;
  };
  const { clock, abort, outcome } = limited({ kill });
  abort.abort(new RunCancelledError('cancelled'));
  await clock.advance(ABORT_GRACE_MS - 1);
  expect(killed).toBe(0);
  await clock.advance(1);
  expect({ killed, outcome: outcome() }).toEqual({ killed: 1, outcome: { outcome: 'cancelled' } });
});

test('a kill that takes too long is not waited for', async () => {
  const { clock, abort, outcome } = limited({ kill: () => new Promise(() => {}) });
  abort.abort(new RunCancelledError('cancelled'));
  await clock.advance(2 * ABORT_GRACE_MS - 1);
  expect(outcome()).toBe(undefined);
  await clock.advance(1);
  expect(outcome()).toEqual({ outcome: 'cancelled' });
});

const steering = { names: ['AbortError'], unrecoverable: false, retryAt: null };

test('the first reason to stop counts', async () => {
  const { clock, abort, end, running } = limited({ timeoutMs: 1_000 });
  abort.abort(new RunCancelledError('cancelled'));
  await clock.advance(500);
  end({ outcome: 'error', error: { name: 'AbortError', message: '' }, thrown: null, steering });
  await clock.advance('1m');
  expect(await running).toEqual({ outcome: 'cancelled' });
});

test('code that runs on after its lease was lost is held until it ends: it does not start here again', async () => {
  const { clock, abort, end, outcome } = limited();
  abort.abort(new Error('the lease was lost'));
  await clock.advance('1h');
  expect(outcome()).toBe(undefined);
  end(DONE);
  await clock.advance(0);
  expect(outcome()).toEqual(DONE);
});

test('code that runs on after its lease was lost has failed when its time is up: its slot does not wait for it for ever', async () => {
  const { clock, abort, outcome } = limited({ timeoutMs: 5_000 });
  abort.abort(new Error('the lease was lost'));
  await clock.advance(4_999);
  expect(outcome()).toBe(undefined);
  await clock.advance(1);
  expect(outcome()).toMatchObject({ outcome: 'error', error: { code: 'RUN_TIMEOUT' } });
});

test('what ends after its time has failed, also where it was asked to stop before', async () => {
  const { clock, abort, end, outcome } = limited({ timeoutMs: 1_000 });
  await clock.advance(900);
  abort.abort(new Error('the lease was lost'));
  await clock.advance(200);
  end(DONE);
  await clock.advance(0);
  expect(outcome()).toMatchObject({ outcome: 'error', error: { code: 'RUN_TIMEOUT' } });
});

test('code that runs on after its lease was lost can be cancelled', async () => {
  const { clock, abort, cancel, outcome } = limited();
  abort.abort(new Error('the lease was lost'));
  await clock.advance('1m');
  cancel.abort(new RunCancelledError('cancelled'));
  await clock.advance(0);
  expect(outcome()).toEqual({ outcome: 'cancelled' });
});

test('closing waits for what runs a while, not for ever, also where its lease was lost before', async () => {
  const { clock, abort, limits, running } = limited();
  abort.abort(new Error('the lease was lost'));
  await clock.advance('1h');
  await limits.close();
  expect(await running).toEqual({ outcome: 'aborted' });
  const after = await limits.run({ signal: new LazyAbort(), timeoutMs: undefined, start: () => never() });
  expect(after).toEqual({ outcome: 'aborted' });
});

function never(): never {
  throw new Error('it was started');
}

test('many executions at once cause no warning', async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  process.on('warning', hear);
  const limits = new Limits(new VirtualClock());
  const start = () => ({ ended: new Promise<Outcome>((resolve) => setImmediate(resolve, DONE)) });
  const { signal } = new LazyAbort();
  const stop = () => stopSignalOf(AbortSignal.any([signal]));
  await Promise.all(Array.from({ length: 50 }, () => limits.run({ signal: stop(), timeoutMs: 1_000, start })));
  await new Promise(setImmediate);
  process.off('warning', hear);
  expect(warnings).toEqual([]);
});

test('runs that were lost and have ended leave no listeners behind', async () => {
  const clock = new VirtualClock();
  const limits = new Limits(clock);
  const shared = new LazyAbort();
  const aborts: LazyAbort[] = [shared];
  for (let run = 0; run < 3; run++) {
    const abort = new LazyAbort();
    let end = (_: Outcome) => {};
    const ended = new Promise<Outcome>((resolve) => {
      end = resolve;
    });
    const start = (stop: LazyAbort) => {
      aborts.push(abort, stop);
      return { ended };
    };
    const running = limits.run({ signal: abort, cancelled: shared, timeoutMs: undefined, start });
    expect(shared.listenerCount).toBe(1);
    abort.abort(new Error('the lease was lost'));
    await clock.advance('1m');
    end(DONE);
    await running;
  }
  expect(aborts.map(({ listenerCount }) => listenerCount)).toEqual(aborts.map(() => 0));
});

test('what is asked to stop before it starts is not started, and listens to nothing any more', async () => {
  const limits = new Limits(new VirtualClock());
  const [signal, cancelled] = [new LazyAbort(), new LazyAbort()];
  cancelled.abort(new RunCancelledError('cancelled'));
  const start = () => expect.unreachable();
  expect(limits.run({ signal, cancelled, timeoutMs: 1_000, start })).toEqual({ outcome: 'cancelled' });
  expect([signal.listenerCount, cancelled.listenerCount]).toEqual([0, 0]);
});

test('what ends at once is answered at once, listens to nothing, and is no longer timed', async () => {
  const clock = new VirtualClock();
  const limits = new Limits(clock);
  const signal = new LazyAbort();
  let stop: LazyAbort | undefined;
  const start: Limited['start'] = (given, begin) => {
    stop = given;
    begin();
    return { ended: DONE };
  };
  expect(limits.run({ signal, cancelled: signal, timeoutMs: 1_000, start })).toEqual(DONE);
  expect(signal.listenerCount).toBe(0);
  await clock.advance('1m');
  expect(stop?.aborted).toBe(false);
});

test.for([
  [
    'cancelled meanwhile: cancelled, whatever it returned',
    new RunCancelledError('cancelled'),
    { outcome: 'cancelled' },
  ],
  ['lost meanwhile: what it returned', new Error('the lease was lost'), DONE],
] as const)('what ends at once and was %s', ([, reason, outcome]) => {
  const signal = new LazyAbort();
  const start = () => {
    signal.abort(reason);
    return { ended: DONE };
  };
  expect(new Limits(new VirtualClock()).run({ signal, timeoutMs: undefined, start })).toEqual(outcome);
});
