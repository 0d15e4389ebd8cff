import { expect, onTestFinished, test, vi } from 'vitest';
import { wallClock } from '../../../packages/core/src/ports/clock.js';

test('the clock of a process waits for an instant without a timer, and not before it', async () => {
  const at = wallClock.now() + 3;
  const began = performance.now();
  await wallClock.exactly?.(3);
  expect(wallClock.now() >= at || performance.now() - began >= 3).toBe(true);
});

test('it does not wait for ever where its time stands still, as in a test that has set it', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  onTestFinished(() => void vi.useRealTimers());
  await wallClock.exactly?.(3);
  expect(wallClock.now()).toBe(0);
});
