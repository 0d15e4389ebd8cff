import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
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
