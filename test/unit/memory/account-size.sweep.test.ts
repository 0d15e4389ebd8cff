import { expect, it } from 'vitest';
import type { AccountLimits } from '../../../packages/core/src/job/account-limits.js';
import { noteExecution } from '../../../packages/core/src/memory/store/lib/account.js';
import { StoreState } from '../../../packages/core/src/memory/store/state.js';
import { VirtualClock } from '../../../packages/core/src/memory/virtual-clock.js';
import { sweep } from '../../support/sweep.js';

const START = Date.UTC(2026, 0, 1);
const DAYS = sweep(7, 30);
const MINUTES = DAYS * 1_440;

/** Returns the bytes that are kept of a job that ran each minute for some days, and the number of entries. */
function sizeOf(
  isError: (minute: number) => boolean,
  minutes = MINUTES,
  limits?: AccountLimits,
): { readonly bytes: number; readonly entries: number } {
  const state = new StoreState('default', new VirtualClock(new Date(START)));
  state.format = { format: 3, lowest: 1 };
  state.jobs.set('a', { damaged: false, order: 1, rev: 1, generation: 1, digest: 'd', json: '{}' });
  if (limits) state.accounts.limits.set('a', limits);
  for (let minute = 0; minute < minutes; minute++) {
    const fireTime = START + minute * 60_000;
    noteExecution(state, 'a', isError(minute) ? 'e' : 'x', fireTime, fireTime + 10 + (minute % 90));
  }
  const entries = state.accounts.jobs.get('a') ?? [];
  const bytes = [state.last.get('a') ?? '', ...entries].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { bytes, entries: entries.length };
}

it(`the account of a job each minute for ${DAYS} days is small, where all are executed, or every second one fails`, () => {
  expect(sizeOf(() => false)).toEqual({ bytes: 50, entries: 0 });
  expect(sizeOf((minute) => minute % 2 === 1)).toEqual({ bytes: sweep(83, 86), entries: 0 });
});

it('is bounded where they fail at random, and a job that keeps 10,000 entries has all of 30 days', () => {
  const tenth = () => {
    let seed = 1;
    return () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % 10 === 0;
    };
  };
  const usual = sizeOf(tenth(), 8_000);
  expect(usual.entries).toBe(1_000);
  expect(usual.bytes).toBeLessThan(48 * 1_024);
  const longer = sizeOf(tenth(), sweep(8_000, MINUTES), { entries: 10_000, ageMs: 30 * 86_400_000 });
  expect(longer.entries).toBeGreaterThan(sweep(1_000, 5_000));
  expect(longer.entries).toBeLessThan(9_000);
  expect(longer.bytes / longer.entries).toBeLessThan(48);
});
