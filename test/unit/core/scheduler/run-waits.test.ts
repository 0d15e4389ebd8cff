import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../../packages/core/src/happening.js';
import { VirtualClock } from '../../../../packages/core/src/memory/virtual-clock.js';
import type { RunReading } from '../../../../packages/core/src/ports/job-records.js';
import type { JobStore } from '../../../../packages/core/src/ports/job-store.js';
import { RunWaits } from '../../../../packages/core/src/scheduler/run-waits.js';

const LIVE = { live: {}, outcomes: [] } as unknown as RunReading;
const ENDED: RunReading = { live: null, retriedAs: null, outcomes: ['done'] };

/** A job store whose runs the test sets, and the calls that it gets. */
function setUp() {
  const clock = new VirtualClock();
  const runs = new Map<string, RunReading>();
  const reads: (readonly string[])[] = [];
  const channels = new Map<string, Set<(message: string) => void>>();
  const reported: Happening['kind'][] = [];
  const fault: { reading?: Error | undefined; subscribing?: Error | undefined } = {};
  const records = {
    async runs(ids: readonly string[]) {
      reads.push(ids);
      if (fault.reading) throw fault.reading;
      return ids.map((id) => runs.get(id) ?? { live: null, retriedAs: null, outcomes: [] });
    },
  };
  const bus = {
    async subscribe(channel: string, callback: (message: string) => void) {
      if (fault.subscribing) throw fault.subscribing;
      const callbacks = channels.get(channel) ?? new Set();
      channels.set(channel, callbacks.add(callback));
      return async () => void callbacks.delete(callback);
    },
  };
  const store = { alias: 'default', records } as unknown as JobStore;
  const waits = new RunWaits(store, { clock, eventBus: () => bus }, ({ kind }) => void reported.push(kind));
  const answered: unknown[] = [];
  const wait = (runId: string) => {
    const { ended, stop } = waits.wait(runId);
    void ended.then(
      (reading) => answered.push([runId, reading]),
      (error: Error) => answered.push([runId, error.message]),
    );
    return stop;
  };
  const publish = (type: string, runId: string) => {
    const reported = `{"v":1,"seq":1,"type":"${type}","jobId":"\\"runId\\":\\"other\\"","runId":"${runId}","value":{}}`;
    for (const callback of channels.get(`events:${type}`) ?? []) callback(reported);
  };
  const subscriptions = () => [...channels.values()].reduce((sum, { size }) => sum + size, 0);
  return { clock, runs, reads, reported, fault, waits, wait, publish, answered, subscriptions };
}

describe('waiting for runs', () => {
  it('one that has ended is not waited for', async () => {
    const { clock, runs, wait, answered } = setUp();
    runs.set('a', ENDED);
    wait('a');
    wait('b');
    await clock.advance(0);
    expect(answered).toEqual([
      ['a', ENDED],
      ['b', { live: null, retriedAs: null, outcomes: [] }],
    ]);
  });

  it.each(['job_executed', 'job_error', 'job_cancelled', 'job_missed', 'job_max_instances'])(
    'one that ends is answered with its %s, at once',
    async (type) => {
      const { clock, runs, wait, publish, answered } = setUp();
      runs.set('a', LIVE);
      wait('a');
      wait('a');
      await clock.advance(0);
      expect(answered).toEqual([]);
      runs.set('a', ENDED);
      publish(type, 'a');
      await clock.advance(0);
      expect(answered).toEqual([
        ['a', ENDED],
        ['a', ENDED],
      ]);
    },
  );

  it('an event about it is not believed before it is read', async () => {
    const { clock, runs, wait, publish, answered, reads } = setUp();
    runs.set('a', LIVE);
    wait('a');
    await clock.advance(0);
    publish('job_executed', 'a');
    publish('job_executed', 'other');
    await clock.advance(0);
    expect(answered).toEqual([]);
    expect(reads).toEqual([['a'], ['a']]);
  });

  it('an event that was lost is made up for within 2 s', async () => {
    const { clock, runs, wait, answered } = setUp();
    runs.set('a', LIVE);
    wait('a');
    await clock.advance('1s');
    runs.set('a', ENDED);
    await clock.advance('999ms');
    expect(answered).toEqual([]);
    await clock.advance('1ms');
    expect(answered).toEqual([['a', ENDED]]);
  });

  it('many are read together', async () => {
    const { clock, runs, wait, answered, reads } = setUp();
    const ids = Array.from({ length: 120 }, (_, index) => `r${index}`);
    for (const id of ids) {
      runs.set(id, ENDED);
      wait(id);
    }
    await clock.advance(0);
    expect(answered).toHaveLength(120);
    expect(reads.length).toBeLessThanOrEqual(4);
    expect(Math.max(...reads.map(({ length }) => length))).toBeLessThanOrEqual(50);
  });

  it('shares one subscription, and ends it once there are no waits', async () => {
    const { clock, runs, wait, subscriptions, reads } = setUp();
    for (const id of ['a', 'b', 'c']) runs.set(id, LIVE);
    const stops = ['a', 'b', 'c'].map(wait);
    await clock.advance(0);
    expect(subscriptions()).toBe(5);
    for (const stop of stops) stop();
    await clock.advance('2s');
    expect(subscriptions()).toBe(0);
    const before = reads.length;
    await clock.advance('1m');
    expect(reads).toHaveLength(before);
  });

  it('where it cannot be read at first, that is the answer', async () => {
    const { clock, wait, answered, fault } = setUp();
    fault.reading = new Error('no Redis');
    wait('a');
    await clock.advance(0);
    expect(answered).toEqual([['a', 'no Redis']]);
  });

  it('an outage is outlasted', async () => {
    const { clock, runs, wait, answered, fault, reported } = setUp();
    runs.set('a', LIVE);
    wait('a');
    await clock.advance(0);
    fault.reading = new Error('no Redis');
    runs.set('a', ENDED);
    await clock.advance('1m');
    expect(answered).toEqual([]);
    expect(reported[0]).toBe('runs_not_read');
    fault.reading = undefined;
    await clock.advance('2s');
    expect(answered).toEqual([['a', ENDED]]);
  });

  it('where nothing can be heard, looking now and then does', async () => {
    const { clock, runs, wait, answered, fault, subscriptions, publish } = setUp();
    fault.subscribing = new Error('no pub/sub');
    runs.set('a', LIVE);
    runs.set('b', LIVE);
    wait('a');
    wait('b');
    await clock.advance('1s');
    runs.set('a', ENDED);
    await clock.advance('1s');
    expect(answered).toEqual([['a', ENDED]]);
    fault.subscribing = undefined;
    await clock.advance('2s');
    expect(subscriptions()).toBe(5);
    runs.set('b', ENDED);
    publish('job_executed', 'b');
    await clock.advance(0);
    expect(answered).toHaveLength(2);
  });

  it('a caller that waits gets the end', async () => {
    const { clock, runs, wait, waits, answered, subscriptions } = setUp();
    runs.set('a', LIVE);
    wait('a');
    await clock.advance(0);
    waits.close(new Error('why it ends'));
    await clock.advance(0);
    wait('a');
    await clock.advance('5s');
    expect(answered).toEqual([
      ['a', 'why it ends'],
      ['a', 'why it ends'],
    ]);
    expect(subscriptions()).toBe(0);
  });
});
