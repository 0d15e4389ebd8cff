import { getEventListeners } from 'node:events';
import { keepTrying } from '@carillon/core/internal';
import { VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';

test('what was done, in the end, leaves nothing on the signal', async () => {
  const clock = new VirtualClock();
  const { signal } = new AbortController();
  const reported: string[] = [];
  let tries = 0;
  const action = async () => {
    tries += 1;
    if (tries < 3) throw new Error('not yet');
  };
  const done = keepTrying(action, clock, ({ kind }) => void reported.push(kind), signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  await clock.advance('10s');
  await done;
  expect(reported).toEqual(['not_reached', 'not_reached']);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('it ends with its signal, though the action never does', async () => {
  const abort = new AbortController();
  const done = keepTrying(
    () => new Promise(() => {}),
    new VirtualClock(),
    () => {},
    abort.signal,
  );
  abort.abort();
  await done;
});
