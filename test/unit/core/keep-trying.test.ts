import { getEventListeners } from 'node:events';
import { type Happening, keepTrying } from '@carillon/core/internal';
import { VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';

test('it tries until it is done, and says each time that it is not', async () => {
  const clock = new VirtualClock();
  const reported: Happening['kind'][] = [];
  let left = 2;
  const action = async () => {
    if (left-- > 0) throw new Error('not there');
  };
  const { signal } = new AbortController();
  const done = keepTrying(action, clock, ({ kind }) => void reported.push(kind), signal);
  await clock.advance('2s');
  await done;
  expect([left, reported]).toEqual([-1, ['not_reached', 'not_reached']]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('it ends when it is aborted, also in an action that never does, and in a pause', async () => {
  const clock = new VirtualClock();
  const reported: Happening['kind'][] = [];
  for (const action of [() => new Promise<void>(() => {}), () => Promise.reject(new Error('not there'))]) {
    const abort = new AbortController();
    const done = keepTrying(action, clock, ({ kind }) => void reported.push(kind), abort.signal);
    await clock.advance(10);
    abort.abort();
    await done;
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  }
  expect(reported).toEqual(['not_reached']);
});
