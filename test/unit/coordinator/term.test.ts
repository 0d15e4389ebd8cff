import type { Lock } from '@carillon/core/internal';
import { describe, expect, it } from 'vitest';
import { Term } from '../../../packages/coordinator/src/term.js';
import { ManualClock } from '../../support/manual-clock.js';

const LEASE = 3_000;

class FakeLock implements Lock {
  readonly value = 'lock';
  expiresAt: number;
  extensions: number[] = [];
  answer: () => Promise<void> = () => Promise.resolve();
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.expiresAt = clock.now() + LEASE;
  }

  async extend(): Promise<void> {
    const askedAt = this.#clock.now();
    this.extensions.push(askedAt);
    await this.answer();
    this.expiresAt = askedAt + LEASE;
  }

  async release(): Promise<void> {}
}

function setUp() {
  const clock = new ManualClock(10_000);
  const lock = new FakeLock(clock);
  const overAt: number[] = [];
  const term = new Term(7, lock, LEASE, clock, () => overAt.push(clock.now()));
  return { clock, lock, term, overAt };
}

describe('a term', () => {
  it('extends its lock three times a lease, for as long as that succeeds', async () => {
    const { clock, lock, term, overAt } = setUp();
    await clock.advance(60_000);
    expect(lock.extensions.slice(0, 3)).toEqual([11_000, 12_000, 13_000]);
    expect(lock.extensions).toHaveLength(60);
    expect([term.isOver, overAt]).toEqual([false, []]);
  });

  it('is over by its own timer when it cannot extend, not later than its lock', async () => {
    const { clock, lock, term, overAt } = setUp();
    lock.answer = () => Promise.reject(new Error('lost'));
    await clock.advance(LEASE - 1);
    expect(term.isOver).toBe(false);
    expect(lock.extensions.length).toBeGreaterThan(3);
    await clock.advance(1);
    expect(overAt).toEqual([10_000 + LEASE]);
    const tried = lock.extensions.length;
    await clock.advance(60_000);
    expect([lock.extensions.length, clock.timers]).toEqual([tried, 0]);
  });

  it('is over in time when Redis does not answer at all', async () => {
    const { clock, lock, overAt } = setUp();
    lock.answer = () => new Promise(() => {});
    await clock.advance(60_000);
    expect(overAt).toEqual([10_000 + LEASE]);
  });

  it('goes on when an extension fails and a later one succeeds', async () => {
    const { clock, lock, term } = setUp();
    lock.answer = () => (lock.extensions.length < 4 ? Promise.reject(new Error('away')) : Promise.resolve());
    await clock.advance(60_000);
    expect(term.isOver).toBe(false);
  });

  it('does not rise again when an extension succeeds after its end', async () => {
    const { clock, lock, term, overAt } = setUp();
    let succeed = () => {};
    lock.answer = () =>
      new Promise((resolve) => {
        succeed = resolve;
      });
    await clock.advance(LEASE);
    expect(term.isOver).toBe(true);
    succeed();
    await clock.advance(60_000);
    expect([term.isOver, overAt.length, clock.timers, lock.extensions.length]).toEqual([true, 1, 0, 1]);
  });

  it('says once that it ended, and leaves no timer', async () => {
    const { clock, term, overAt } = setUp();
    term.end();
    term.end();
    await clock.advance(60_000);
    expect([overAt, clock.timers, term.epoch]).toEqual([[10_000], 0, 7]);
  });
});
