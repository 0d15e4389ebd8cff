import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LoadWatch, SLOW_MS } from '../../../packages/worker/src/executors/load-watch.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch() {
  let words = 0;
  const loads = new LoadWatch({ now: () => Date.now() }, () => {
    words += 1;
  });
  return { loads, said: () => words };
}

it('what loads in a usual time is not worth a word', () => {
  const { loads, said } = watch();
  expect(loads.unserved).toBeNull();
  const loading = loads.begin();
  vi.advanceTimersByTime(SLOW_MS - 1);
  expect(loads.unserved).toBeNull();
  loading.done();
  vi.advanceTimersByTime(SLOW_MS);
  expect([loads.unserved, said()]).toEqual([null, 0]);
});

it('what has not loaded after that is reported once, however many wait for it, since the first of them began', () => {
  const { loads, said } = watch();
  const since = Date.now();
  const first = loads.begin();
  vi.advanceTimersByTime(1_000);
  const second = loads.begin();
  vi.advanceTimersByTime(SLOW_MS);
  expect(loads.unserved).toMatchObject({ since, reason: 'tasks_loading' });
  expect(said()).toBe(1);
  first.gone();
  expect(loads.unserved).toMatchObject({ since: since + 1_000, reason: 'tasks_loading' });
  second.done();
  expect(loads.unserved).toBeNull();
  loads.begin();
  vi.advanceTimersByTime(SLOW_MS);
  expect(said()).toBe(2);
});

it('what failed is reported until it is loaded, since the first time, with what it failed with last', () => {
  const { loads } = watch();
  const since = Date.now();
  loads.begin().failed('no such file');
  vi.advanceTimersByTime(1_000);
  const other = loads.begin();
  other.failed('no database');
  expect(loads.unserved).toEqual({ since, reason: 'tasks_not_loaded', why: 'no database' });
  // A task that fails after it was called says nothing about the module.
  const loaded = loads.begin();
  loaded.done();
  loaded.failed('of its own');
  expect(loads.unserved).toBeNull();
});
