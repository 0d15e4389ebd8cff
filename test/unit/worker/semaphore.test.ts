import { expect, test } from 'vitest';
import { Semaphore } from '../../../packages/worker/src/executors/semaphore.js';

const { signal } = new AbortController();
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Waits for the semaphore, and notes the names that got it, in order. */
function wait(semaphore: Semaphore, name: string, order: string[], until = signal): void {
  void semaphore.acquire(until).then((got) => order.push(got ? name : `${name} gave up`));
}

test('a bounded number have it at once, and the others get it in the order in which they came', async () => {
  const semaphore = new Semaphore(2);
  const order: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) wait(semaphore, name, order);
  await tick();
  expect(order).toEqual(['a', 'b']);
  semaphore.release();
  await tick();
  expect(order).toEqual(['a', 'b', 'c']);
  semaphore.release();
  semaphore.release();
  semaphore.release();
  expect([await semaphore.acquire(signal), await semaphore.acquire(signal), order]).toEqual([
    true,
    true,
    ['a', 'b', 'c', 'd'],
  ]);
});

test('one that is asked to stop waits no more, and takes nothing from those behind', async () => {
  const semaphore = new Semaphore(1);
  const stop = new AbortController();
  const order: string[] = [];
  wait(semaphore, 'a', order);
  wait(semaphore, 'b', order, stop.signal);
  wait(semaphore, 'c', order);
  stop.abort();
  await tick();
  expect(order).toEqual(['a', 'b gave up']);
  semaphore.release();
  await tick();
  expect(order).toEqual(['a', 'b gave up', 'c']);
  semaphore.release();
  expect([await semaphore.acquire(stop.signal), await semaphore.acquire(signal)]).toEqual([false, true]);
});
