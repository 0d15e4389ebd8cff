import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BullmqLocks } from '../../../packages/redis/src/queue/bullmq-locks.js';
import { DeliveryLost, endingError } from '../../../packages/redis/src/queue/delivery-lost.js';

const coded = (code: unknown, message = 'x') => Object.assign(new Error(message), { code });

test('what BullMQ answers where a delivery is done or has gone elsewhere is not an error of the queue', () => {
  for (const code of [-1, -2, -3, -6]) {
    expect(endingError('d', coded(code))).toMatchObject({ name: 'DeliveryLost', deliveryId: 'd', cause: { code } });
  }
  for (const error of [coded(-4), coded('ECONNRESET'), new Error('Missing lock')]) {
    expect(endingError('d', error)).toBe(error);
  }
});

test('a lock that is not renewed is a delivery that was lost; a call that fails is an error', async () => {
  const failure = new Error('Command timed out');
  const answers = [() => Promise.resolve(['b']), () => Promise.reject(failure)];
  const reported: Error[] = [];
  const seen = new EventTarget();
  const extendJobLocks = () => answers.shift()?.() ?? Promise.resolve([]);
  const locks = new BullmqLocks({ extendJobLocks }, 30, (error) => {
    reported.push(error);
    if (reported.length === 2) seen.dispatchEvent(new Event('both'));
  });
  onTestFinished(() => locks.close());
  const both = once(seen, 'both');
  for (const id of ['a', 'b']) locks.keep(`token-${id}`, id);
  await both;
  expect(reported).toEqual([new DeliveryLost('b'), failure]);
});

/** Locks that are renewed each 10 ms, with a call that answers as the test says. */
function renewed(extendJobLocks: (ids: readonly string[]) => Promise<string[]>) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const reported: Error[] = [];
  const locks = new BullmqLocks({ extendJobLocks }, 30, (error) => void reported.push(error));
  onTestFinished(() => locks.close());
  return { locks, reported, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
}

test('while a call that renews locks is under way, no other one begins', async () => {
  const calls: ((lost: string[]) => void)[] = [];
  const { locks, reported, pass } = renewed(() => new Promise((resolve) => calls.push(resolve)));
  for (const id of ['a', 'b']) locks.keep(`token-${id}`, id);
  await pass(10_000);
  expect(calls).toHaveLength(1);
  calls[0]?.(['a', 'b']);
  await pass(0);
  expect(reported).toEqual([new DeliveryLost('a'), new DeliveryLost('b')]);
  locks.keep('token-c', 'c');
  await pass(100);
  expect(calls).toHaveLength(2);
});

test('a lost delivery is reported once, and its lock is not renewed again', async () => {
  const asked: (readonly string[])[] = [];
  const { locks, reported, pass } = renewed(async (ids) => {
    asked.push(ids);
    return ids.filter((id) => id === 'b');
  });
  for (const id of ['a', 'b']) locks.keep(`token-${id}`, id);
  await pass(30);
  expect(reported).toEqual([new DeliveryLost('b')]);
  expect(asked).toEqual([['a', 'b'], ['a'], ['a']]);
});

test('a lost delivery that this worker got again keeps its second lock', async () => {
  const asked: (readonly string[])[] = [];
  const answers = [['d']];
  const { locks, reported, pass } = renewed(async (ids) => {
    asked.push(ids);
    return answers.shift() ?? [];
  });
  for (const token of ['first', 'second']) locks.keep(token, 'd');
  await pass(20);
  expect(reported).toEqual([new DeliveryLost('d')]);
  expect(asked).toEqual([['d', 'd'], ['d']]);
  locks.forget('second');
  await pass(10);
  expect(asked).toHaveLength(2);
});
