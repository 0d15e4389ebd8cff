import type { EventBus } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { clusterContract, until } from '../support/contract.js';
import { op } from '../support/contract-records.js';

const note = (n: number) => ({ type: 'job_paused', about: { jobStore: 'default', n } });

/** Collects the messages of a channel from now on. */
async function hear(bus: EventBus, channel: 'events:job_paused' | 'wakeup' = 'events:job_paused') {
  const heard: unknown[] = [];
  const end = await bus.subscribe(channel, (message) => heard.push(JSON.parse(message).n));
  return { heard, end };
}

clusterContract('the event bus', (open) => {
  test('messages arrive in the order of publishing, at every subscriber of the channel', async () => {
    const cluster = open();
    const [one, other] = [cluster.coordinator(), cluster.coordinator()];
    const [first, second] = [await hear(one.eventBus('default')), await hear(other.eventBus('default'))];
    const third = await hear(other.eventBus('default'));
    const { records } = one.jobStore('default');
    const numbers = Array.from({ length: 500 }, (_, n) => n);
    await Promise.all(numbers.map((n) => records.announce({ op: op(), event: note(n) })));
    await until(() => first.heard.length + second.heard.length + third.heard.length === 1_500);
    for (const { heard } of [first, second, third]) expect(heard).toEqual(numbers);
  });

  test('other channels and other job stores are not heard', async () => {
    const cluster = open();
    const backend = cluster.coordinator();
    const { heard } = await hear(backend.eventBus('default'));
    await backend.jobStore('other').records.announce({ op: op(), event: note(1) });
    await backend.jobStore('default').records.announce({ op: op(), event: { ...note(2), type: 'job_resumed' } });
    await backend.jobStore('default').records.announce({ op: op(), event: note(3) });
    await until(() => heard.length > 0);
    expect(heard).toEqual([3]);
  });

  test('a client that has unsubscribed hears no more, and disturbs no other', async () => {
    const cluster = open();
    const backend = cluster.coordinator();
    const bus = backend.eventBus('default');
    const { records } = backend.jobStore('default');
    const [stays, goes] = [await hear(bus), await hear(bus)];
    await records.announce({ op: op(), event: note(1) });
    await until(() => goes.heard.length === 1);
    await goes.end();
    await goes.end();
    await records.announce({ op: op(), event: note(2) });
    await until(() => stays.heard.length === 2);
    expect([stays.heard, goes.heard]).toEqual([[1, 2], [1]]);
    await stays.end();
    const again = await hear(bus);
    await records.announce({ op: op(), event: note(3) });
    await until(() => again.heard.length === 1);
    expect([stays.heard, again.heard]).toEqual([[1, 2], [3]]);
  });

  test('a publisher never waits for subscribers: they are called after its call', async () => {
    const cluster = open();
    const backend = cluster.coordinator();
    let calls = 0;
    await backend.eventBus('default').subscribe('events:job_paused', () => {
      calls += 1;
    });
    const announced = backend.jobStore('default').records.announce({ op: op(), event: note(1) });
    expect(calls).toBe(0);
    await announced;
    await until(() => calls === 1);
  });

  test('one user who closes disturbs no other', async () => {
    const cluster = open();
    const [stays, goes] = [cluster.coordinator(), cluster.coordinator()];
    const [kept, gone] = [await hear(stays.eventBus('default')), await hear(goes.eventBus('default'))];
    await goes.close();
    await expect(goes.jobStore('default').records.announce({ op: op(), event: note(0) })).rejects.toMatchObject({
      code: 'CONNECTION',
    });
    await stays.jobStore('default').records.announce({ op: op(), event: note(1) });
    await until(() => kept.heard.length === 1);
    expect(gone.heard).toEqual([]);
  });
});
