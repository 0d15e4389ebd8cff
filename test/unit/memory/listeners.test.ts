import { type CarillonEvent, ConnectionError, Scheduler } from '@carillon/core';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { describe, expect, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';

const named = (event: CarillonEvent) => ('jobId' in event ? event.jobId : event.type);

/** A scheduler, another one that changes jobs, and the events that the listener heard, by the ids of the jobs. */
function world(jobStores = ['default']) {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const scheduler = new Scheduler({ backend: cluster.connect(), logger, jobStores });
  const another = new Scheduler({ backend: cluster.connect(), logger, jobStores: ['default', 'other'] });
  const heard: unknown[] = [];
  const listener = (event: CarillonEvent) => void heard.push(named(event));
  const add = (id: string, jobStore = 'default') => another.addJob({ id, jobStore, task: 't', nextRunTime: null });
  const reported = async () => {
    await clock.advance('2s');
    return heard.splice(0);
  };
  return { clock, cluster, scheduler, another, listener, add, reported };
}

const since = new Date(0);

/** A listener that takes `busyMs` for each event, and two events for it in the job store `other`. */
async function busyWorld(busyMs: number) {
  const { clock, scheduler, add } = world(['default', 'other']);
  const heard: unknown[] = [];
  const slow = async (event: CarillonEvent) => {
    heard.push(named(event));
    await new Promise<void>((resolve) => void clock.after(busyMs, resolve));
  };
  await scheduler.addListener(slow, ['job_added'], { since });
  await add('a', 'other');
  await add('b', 'other');
  return { clock, scheduler, slow, heard };
}

describe('a listener with since', () => {
  test('goes on from where it was when a job store that was removed is added again', async () => {
    const { clock, scheduler, listener, add, reported } = world(['default', 'other']);
    await scheduler.addListener(listener, ['job_added'], { since });
    await add('a', 'other');
    expect(await reported()).toEqual(['a']);
    await Promise.all([scheduler.removeJobStore('other'), clock.advance(0)]);
    await add('b', 'other');
    expect(await reported()).toEqual([]);
    await scheduler.addJobStore('other');
    expect(await reported()).toEqual(['b']);
    await Promise.all([scheduler.removeJobStore('other'), clock.advance(0)]);
    await scheduler.addJobStore('other');
    expect(await reported()).toEqual([]);
  });

  test('that is busy when its job store is removed does not get the same event again', async () => {
    const { clock, scheduler, heard } = await busyWorld(10_000);
    await clock.advance('1s');
    await Promise.all([scheduler.removeJobStore('other'), clock.advance('2s')]);
    await scheduler.addJobStore('other');
    await clock.advance('1m');
    expect(heard).toEqual(['a', 'b']);
  });

  test('that is added twice at once is called once, and not after it was removed', async () => {
    const { scheduler, listener, add, reported } = world();
    await add('a');
    const adding = () => scheduler.addListener(listener, ['job_added'], { since });
    await Promise.all([adding(), adding(), adding()]);
    expect(await reported()).toEqual(['a']);
    await add('b');
    expect(await reported()).toEqual(['b']);
    await Promise.all([adding(), scheduler.addListener(listener, ['job_added'])]);
    await reported();
    await add('c');
    expect(await reported()).toEqual(['c']);
    await scheduler.removeListener(listener);
    await add('d');
    expect(await reported()).toEqual([]);
  });

  test('that is removed while its job store is being left is called no more', async () => {
    const { clock, scheduler, slow, heard } = await busyWorld(400);
    await clock.advance('100ms');
    const removing = scheduler.removeJobStore('other');
    await clock.advance('100ms');
    await scheduler.removeListener(slow);
    await Promise.all([removing, clock.advance('5s')]);
    expect(heard).toEqual(['a']);
  });
});

describe('a listener without since', () => {
  test('that is added again and again at once is called once, and not after it was removed', async () => {
    const { scheduler, listener, add, reported } = world();
    const adding = () => scheduler.addListener(listener, ['job_added']);
    await adding();
    await Promise.all([adding(), adding()]);
    await add('a');
    expect(await reported()).toEqual(['a']);
    await scheduler.removeListener(listener);
    await add('b');
    expect(await reported()).toEqual([]);
  });

  test.each([undefined, since])('that cannot be added everywhere is added nowhere (since: %s)', async (from) => {
    const { cluster, scheduler, listener, add, reported } = world();
    const far = cluster.connect();
    const failing = { isDown: false };
    const bus = far.eventBus.bind(far);
    far.eventBus = (alias) => {
      const { subscribe } = bus(alias);
      return {
        subscribe: async (...args) => {
          if (failing.isDown) throw new ConnectionError('down');
          return subscribe.apply(bus(alias), args);
        },
      };
    };
    await scheduler.addJobStore('other', { backend: far });
    failing.isDown = true;
    const adding = scheduler.addListener(listener, ['job_added'], from && { since: from });
    await expect(adding).rejects.toMatchObject({ code: 'CONNECTION' });
    await add('a');
    expect(await reported()).toEqual([]);
    failing.isDown = false;
    await scheduler.addListener(listener, ['job_added']);
    await add('b');
    await add('c', 'other');
    expect(await reported()).toEqual(['b', 'c']);
  });
});
