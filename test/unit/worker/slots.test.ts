import type { SlotShare } from '@carillon/core/internal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlotPool } from '../../../packages/worker/src/slots.js';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Waits for a slot, and tells who got one, in order. */
function waits(slots: SlotShare, name: string, order: string[]): void {
  void slots.take().then((got) => order.push(got ? name : `${name} left`));
}

test('as many are taken as there are, over all who take', async () => {
  const pool = new SlotPool(3);
  const [a, b] = [pool.join(), pool.join()];
  expect([a.tryTake(), b.tryTake(), b.tryTake(), a.tryTake(), b.tryTake()]).toEqual([true, true, true, false, false]);
  a.release();
  expect([b.tryTake(), a.tryTake()]).toEqual([true, false]);
});

test('a slot that becomes free goes to who has fewest, among equals to whose turn is longest ago', async () => {
  const pool = new SlotPool(3);
  const [a, b, c] = [pool.join(), pool.join(), pool.join()];
  a.tryTake();
  a.tryTake();
  b.tryTake();
  const order: string[] = [];
  for (const [slots, name] of [
    [a, 'a'],
    [b, 'b'],
    [c, 'c'],
  ] as const)
    waits(slots, name, order);
  a.release();
  await tick();
  expect(order).toEqual(['c']);
  // One each now; b has waited for longer than a has been done with one.
  waits(c, 'c', order);
  c.release();
  await tick();
  expect(order).toEqual(['c', 'c']);
  c.release();
  await tick();
  expect(order).toEqual(['c', 'c', 'b']);
  // Nobody takes one past those who wait.
  expect([a.tryTake(), b.tryTake(), c.tryTake()]).toEqual([false, false, false]);
});

test('who is done with a slot may keep it unless somebody who waits would then have no more', async () => {
  const pool = new SlotPool(2);
  const [a, b] = [pool.join(), pool.join()];
  a.tryTake();
  expect(a.mayKeep()).toBe(true);
  a.tryTake();
  waits(a, 'a', []);
  // It waits for a third one itself.
  expect(a.mayKeep()).toBe(true);
  waits(b, 'b', []);
  expect(a.mayKeep()).toBe(false);
  a.release();
  waits(b, 'b', []);
  expect([a.mayKeep(), b.mayKeep()]).toEqual([true, true]);
});

test('who has left is given none, and what it had goes to others', async () => {
  const pool = new SlotPool(1);
  const [a, b] = [pool.join(), pool.join()];
  a.tryTake();
  const order: string[] = [];
  waits(a, 'a', order);
  waits(b, 'b', order);
  a.leave();
  await tick();
  expect(order).toEqual(['a left']);
  a.release();
  await tick();
  expect(order).toEqual(['a left', 'b']);
  b.release();
  expect(a.tryTake()).toBe(false);
  expect(await a.take()).toBe(false);
  expect(b.tryTake()).toBe(true);
});

test('never more than there are, never idle while somebody waits, and no one is passed over for ever', async () => {
  const step = fc.tuple(fc.constantFrom('try', 'wait', 'release', 'leave'), fc.nat(3));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), async (size, steps) => {
      const pool = new SlotPool(size);
      const members = Array.from({ length: 4 }, () => ({ slots: pool.join(), held: 0, waits: false, left: false }));
      for (const [what, who] of steps) {
        const member = members[who];
        if (!member) continue;
        if (what === 'try' && member.slots.tryTake()) member.held += 1;
        if (what === 'wait' && !member.waits) {
          member.waits = true;
          void member.slots.take().then((got) => {
            member.waits = false;
            if (got) member.held += 1;
          });
        }
        if (what === 'release' && member.held > 0) {
          member.held -= 1;
          member.slots.release();
        }
        if (what === 'leave') {
          member.left = true;
          member.slots.leave();
        }
        await tick();
        const held = members.reduce((sum, one) => sum + one.held, 0);
        const waiting = members.filter((one) => one.waits);
        expect(held).toBeLessThanOrEqual(size);
        if (waiting.length > 0) expect(held).toBe(size);
        expect(waiting.filter(({ left }) => left)).toEqual([]);
      }
      // Whoever waits gets one if only the others go on: at most as many are before it as there are others.
      for (const waiting of members.filter((one) => one.waits)) {
        for (let turns = 0; waiting.waits && turns < 20 * size; turns++) {
          const other = members.find((one) => one !== waiting && one.held > 0) ?? waiting;
          other.held -= 1;
          other.slots.release();
          await tick();
        }
        expect(waiting.waits).toBe(false);
      }
    }),
    { numRuns: 200 },
  );
});
