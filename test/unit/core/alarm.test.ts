import { describe, expect, it } from 'vitest';
import { Alarm } from '../../../packages/core/src/alarm.js';
import { ManualClock } from '../../support/manual-clock.js';

function setUp() {
  const clock = new ManualClock();
  const alarm = new Alarm(clock);
  let woken = 0;
  const sleep = (ms: number) => void alarm.sleep(ms).then(() => woken++);
  return { clock, alarm, sleep, woken: () => clock.advance(0).then(() => woken) };
}

describe('an alarm', () => {
  it('sleeps until its time', async () => {
    const { clock, sleep, woken } = setUp();
    sleep(100);
    await clock.advance(99);
    expect(await woken()).toBe(0);
    await clock.advance(1);
    expect(await woken()).toBe(1);
  });

  it('wakes at a ring, and leaves no timer', async () => {
    const { clock, alarm, sleep, woken } = setUp();
    sleep(100);
    alarm.ring();
    expect(await woken()).toBe(1);
    expect(clock.timers).toBe(0);
  });

  it('does not lose a ring between two sleeps', async () => {
    const { clock, alarm, sleep, woken } = setUp();
    alarm.ring();
    alarm.ring();
    sleep(100);
    expect(await woken()).toBe(1);
    // Several rings before one sleep end only that sleep.
    sleep(100);
    expect(await woken()).toBe(1);
    await clock.advance(100);
    expect(await woken()).toBe(2);
  });

  it('does not lose a ring between waking and the next sleep', async () => {
    const { clock, alarm, woken } = setUp();
    const rounds: number[] = [];
    void (async () => {
      for (let round = 0; round < 3; round++) {
        await alarm.sleep(1_000);
        rounds.push(clock.now());
        // The alarm rings while the loop works.
        if (round < 2) alarm.ring();
      }
    })();
    await clock.advance(1_000);
    await woken();
    expect(rounds).toEqual([1_000, 1_000, 1_000]);
  });

  it('does not lose a ring that comes with its timer', async () => {
    const { clock, alarm, woken } = setUp();
    const woke: number[] = [];
    clock.after(100, () => alarm.ring());
    void alarm.sleep(100).then(async () => {
      woke.push(clock.now());
      await alarm.sleep(100);
      woke.push(clock.now());
    });
    clock.after(150, () => alarm.ring());
    await clock.advance(1_000);
    await woken();
    expect(woke[0]).toBe(100);
    expect([100, 150]).toContain(woke[1]);
  });

  it.each([0, -5, Number.NEGATIVE_INFINITY])('does not sleep for %d ms', async (ms) => {
    const { sleep, woken } = setUp();
    sleep(ms);
    expect(await woken()).toBe(1);
  });
});
