import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { LazyAbort, stopSignalOf } from '../../../packages/worker/src/lazy-abort.js';

test.for([true, false])('its signal is aborted with it, asked for before it was aborted: %s', (isEarly) => {
  const abort = new LazyAbort();
  const early = isEarly ? abort.signal : undefined;
  abort.abort('first');
  abort.abort('second');
  const { signal, aborted, reason } = abort;
  expect([aborted, reason, signal.aborted, signal.reason]).toEqual([true, 'first', true, 'first']);
  if (early) expect(signal).toBe(early);
});

test('it calls back once, all that still listen, in their order', () => {
  const abort = new LazyAbort();
  const heard: string[] = [];
  const same = () => void heard.push('twice');
  abort.onAbort(same);
  const off = abort.onAbort(() => void heard.push('not any more'));
  abort.onAbort(same);
  off();
  off();
  expect(abort.listenerCount).toBe(2);
  abort.abort('now');
  abort.abort('again');
  abort.onAbort(() => void heard.push('too late'));
  expect([heard, abort.listenerCount]).toEqual([['twice', 'twice'], 0]);
});

test('it follows others until it is asked not to: the first reason counts', () => {
  const [abort, one, other] = [new LazyAbort(), new LazyAbort(), new AbortController()];
  const unfollow = abort.follow(one);
  const unfollowOther = abort.follow(stopSignalOf(other.signal));
  unfollow();
  one.abort('of one');
  expect(abort.aborted).toBe(false);
  other.abort('of the other');
  expect([abort.aborted, abort.reason]).toEqual([true, 'of the other']);
  unfollowOther();
  expect([one.listenerCount, getEventListeners(other.signal, 'abort')]).toEqual([0, []]);
  const late = new LazyAbort();
  late.follow(one);
  expect([late.aborted, late.reason]).toEqual([true, 'of one']);
});
