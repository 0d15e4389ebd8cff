import type { Slot, SlotShare } from '@carillon/core/internal';
import { VirtualClock } from '@carillon/core/memory';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PATIENCE_MS } from '../../../packages/worker/src/lendable-slot.js';
import { SlotPool } from '../../../packages/worker/src/slots.js';
import { sweep } from '../../support/sweep.js';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A consumer and the slots that it has, oldest first. */
class Member {
  readonly has: Slot[] = [];
  readonly share: SlotShare;

  constructor(pool: SlotPool) {
    this.share = pool.join();
  }

  tryTake(): boolean {
    const slot = this.share.tryTake();
    if (slot) this.has.push(slot);
    return slot !== undefined;
  }

  async take(): Promise<boolean> {
    const slot = await this.share.take();
    if (slot) this.has.push(slot);
    return slot !== undefined;
  }

  mayKeep(): boolean | undefined {
    return this.has[0]?.mayKeep();
  }

  release(): void {
    this.has.shift()?.release();
  }

  leave(): void {
    this.share.leave();
  }
}

function poolOf<const Count extends number>(size: number, count: Count) {
  const clock = new VirtualClock();
  const pool = new SlotPool(size, clock);
  return { clock, members: Array.from({ length: count }, () => new Member(pool)) as [Member, Member, Member, Member] };
}

/** Waits for a slot, and notes the members that got one, in order. */
function waits(slots: Member, name: string, order: string[]): void {
  void slots.take().then((got) => order.push(got ? name : `${name} left`));
}

test('as many are taken as there are, over all who take', async () => {
  const { members } = poolOf(3, 2);
  const [a, b] = members;
  expect([a.tryTake(), b.tryTake(), b.tryTake(), a.tryTake(), b.tryTake()]).toEqual([true, true, true, false, false]);
  a.release();
  expect([b.tryTake(), a.tryTake()]).toEqual([true, false]);
});

test('a slot that becomes free goes to the member with the fewest, among equals to the one whose turn is longest ago', async () => {
  const { members } = poolOf(3, 3);
  const [a, b, c] = members;
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
  // Each has one now. The wait of b is longer than the time since a was done with one.
  waits(c, 'c', order);
  c.release();
  await tick();
  expect(order).toEqual(['c', 'c']);
  c.release();
  await tick();
  expect(order).toEqual(['c', 'c', 'b']);
  // No member takes one past those that wait.
  expect([a.tryTake(), b.tryTake(), c.tryTake()]).toEqual([false, false, false]);
});

test('a member that is done with a slot may keep it unless a waiting member would then have no more', async () => {
  const { members } = poolOf(2, 2);
  const [a, b] = members;
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
  await tick();
  expect([a.mayKeep(), b.mayKeep()]).toEqual([true, true]);
});

test('a member that has left is given none, and what it had goes to others', async () => {
  const { members } = poolOf(1, 2);
  const [a, b] = members;
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

test('never more than there are, never idle while a member waits, and no member is passed over for ever', async () => {
  const step = fc.tuple(fc.constantFrom('try', 'wait', 'release', 'leave'), fc.nat(3));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), async (size, steps) => {
      const { members: all } = poolOf(size, 4);
      const members = all.map((slots) => ({ slots, waits: false, left: false }));
      for (const [what, who] of steps) {
        const member = members[who];
        if (!member) continue;
        if (what === 'try') member.slots.tryTake();
        if (what === 'wait' && !member.waits) {
          member.waits = true;
          void member.slots.take().then(() => {
            member.waits = false;
          });
        }
        if (what === 'release') member.slots.release();
        if (what === 'leave') {
          member.left = true;
          member.slots.leave();
        }
        await tick();
        const held = members.reduce((sum, one) => sum + one.slots.has.length, 0);
        const waiting = members.filter((one) => one.waits);
        expect(held).toBeLessThanOrEqual(size);
        if (waiting.length > 0) expect(held).toBe(size);
        expect(waiting.filter(({ left }) => left)).toEqual([]);
      }
      // A waiting member gets one if only the others go on: at most as many are before it as there are others.
      for (const waiting of members.filter((one) => one.waits)) {
        for (let turns = 0; waiting.waits && turns < 20 * size; turns++) {
          const other = members.find((one) => one !== waiting && one.slots.has.length > 0) ?? waiting;
          other.slots.release();
          await tick();
        }
        expect(waiting.waits).toBe(false);
      }
    }),
    { numRuns: sweep(60, 500) },
  );
});

test('a slot in which nothing is at work for a while is lent to others, and had back in turn', async () => {
  const { clock, members } = poolOf(2, 2);
  const [a, b] = members;
  a.tryTake();
  a.tryTake();
  const [first, second] = a.has;
  let end = () => {};
  const work = first?.use(() => new Promise<void>((resolve) => (end = resolve)));
  const order: string[] = [];
  waits(b, 'b', order);
  await clock.advance(PATIENCE_MS - 1);
  expect(order).toEqual([]);
  await clock.advance(1);
  expect([order, second?.mayKeep(), second?.tryHold(), first?.tryHold()]).toEqual([['b'], false, false, true]);
  // A lent slot counts: the member has as many in hand as there are.
  waits(a, 'a', order);
  let isBack = false;
  const back = second?.use(async () => {
    isBack = true;
  });
  await clock.advance(10);
  expect([isBack, order]).toEqual([false, ['b']]);
  b.release();
  await back;
  expect([isBack, order]).toEqual([true, ['b']]);
  end();
  await work;
  // Both of its slots are lent after a while. What it releases then, it may take again.
  await clock.advance(PATIENCE_MS);
  expect([b.tryTake(), b.tryTake(), order]).toEqual([true, true, ['b']]);
  a.release();
  b.release();
  await tick();
  expect(order).toEqual(['b', 'a']);
});

test('a slot is released once, however often that is said, and also while it is waited for', async () => {
  const { clock, members } = poolOf(1, 3);
  const [a, b, c] = members;
  a.tryTake();
  const [slot] = a.has;
  await clock.advance(PATIENCE_MS);
  expect(b.tryTake()).toBe(true);
  const worked = slot?.use(async () => {});
  slot?.release();
  slot?.release();
  expect([c.tryTake(), a.tryTake()]).toEqual([false, false]);
  b.release();
  await worked;
  slot?.release();
  expect([c.tryTake(), a.tryTake(), b.tryTake()]).toEqual([true, false, false]);
  await tick();
  c.release();
  expect([a.tryTake(), b.tryTake()]).toEqual([true, false]);
});

test('whatever is lent and had back, no more work at once than there are, and all are there in the end', async () => {
  const step = fc.tuple(fc.constantFrom('try', 'use', 'end', 'pass', 'hold', 'release'), fc.nat(2));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 60 }), async (size, steps) => {
      const { clock, members } = poolOf(size, 3);
      const ends: (() => void)[] = [];
      let working = 0;
      for (const [what, who] of steps) {
        const member = members[who];
        const slot = member?.has[0];
        if (what === 'try') member?.tryTake();
        if (what === 'use') {
          void slot?.use(async () => {
            working += 1;
            await new Promise<void>((resolve) => ends.push(resolve));
            working -= 1;
          });
          // Moves to the end of the line: another one is next.
          member?.has.push(...member.has.splice(0, 1));
        }
        if (what === 'end') ends.shift()?.();
        if (what === 'pass') await clock.advance(PATIENCE_MS);
        if (what === 'hold') slot?.tryHold();
        if (what === 'release' && working === 0) member?.release();
        await tick();
        const inHand = members.map(({ has }) => has.length);
        expect(Math.max(...inHand)).toBeLessThanOrEqual(size);
        const held = members.flatMap(({ has }) => has).filter((one) => one.tryHold());
        expect(held.length).toBeLessThanOrEqual(size);
      }
      for (const member of members) while (member.has.length > 0) member.release();
      while (ends.length > 0) {
        ends.shift()?.();
        await tick();
      }
      const [a, b] = members;
      for (let count = 0; count < size; count++) expect(a.tryTake()).toBe(true);
      expect(b.tryTake()).toBe(false);
    }),
    { numRuns: sweep(60, 500) },
  );
});

test('another slot is had for the same delivery only where one is free, and for as many as there are', () => {
  const { members } = poolOf(3, 2);
  const [a, b] = members;
  a.tryTake();
  const [slot] = a.has;
  const second = slot?.another();
  expect([second === undefined, b.tryTake(), slot?.another()]).toEqual([false, true, undefined]);
  b.release();
  second?.release();
  expect([slot?.another() === undefined, second?.another() === undefined, slot?.another()]).toEqual([
    false,
    false,
    undefined,
  ]);
});

test('a member that has left has no other slot either', () => {
  const { members } = poolOf(3, 1);
  const [a] = members;
  a.tryTake();
  a.leave();
  expect(a.has[0]?.another()).toBe(undefined);
});

test('another slot is not had while what was lent would have to come back to it', async () => {
  const { clock, members } = poolOf(2, 2);
  const [a, b] = members;
  a.tryTake();
  a.tryTake();
  await clock.advance(PATIENCE_MS);
  // Both are lent, and count as its own: it took as many as there are.
  expect([a.has[0]?.another(), b.tryTake()]).toEqual([undefined, true]);
});

test('a member that holds more than the next waiting one may not keep its slot, and one that holds no more may', async () => {
  const { members } = poolOf(2, 2);
  const [a, b] = members;
  a.tryTake();
  a.tryTake();
  expect(a.mayKeep()).toBe(true);
  const order: string[] = [];
  waits(b, 'b', order);
  expect(a.mayKeep()).toBe(false);
  a.release();
  await tick();
  expect([order, a.mayKeep(), b.mayKeep()]).toEqual([['b'], true, true]);
  waits(b, 'b', order);
  expect([a.mayKeep(), b.mayKeep()]).toEqual([true, true]);
  a.release();
  await tick();
  waits(a, 'a', order);
  expect(b.mayKeep()).toBe(false);
});

test('where many runs of what a member took wait to begin, it takes no more deliveries, and others do', async () => {
  const { members } = poolOf(4, 2);
  const [a, b] = members;
  a.tryTake();
  a.tryTake();
  const [first, second] = a.has;
  first?.setUnbegun(60);
  expect([first?.hasRoom(), second?.hasRoom()]).toEqual([true, true]);
  second?.setUnbegun(40);
  expect([first?.hasRoom(), second?.hasRoom(), a.tryTake(), b.tryTake()]).toEqual([false, false, false, true]);
  // A slot for a delivery that it already took is not another delivery.
  expect(first?.another()).not.toBe(undefined);
  b.release();
  const order: string[] = [];
  waits(a, 'a', order);
  waits(b, 'b', order);
  await tick();
  expect(order).toEqual(['b']);
  // A repeated report counts once.
  second?.setUnbegun(40);
  second?.setUnbegun(39);
  b.release();
  await tick();
  expect(order).toEqual(['b', 'a']);
});

test('what a slot owed it owes no more once it is released, and then its member takes again', async () => {
  const { members } = poolOf(2, 1);
  const [a] = members;
  a.tryTake();
  a.has[0]?.setUnbegun(100);
  const order: string[] = [];
  waits(a, 'a', order);
  await tick();
  expect(order).toEqual([]);
  a.has[0]?.release();
  await tick();
  expect(order).toEqual(['a']);
});

test('a slot that is used again and again is not lent, and is lent a while after its last use', async () => {
  const { clock, members } = poolOf(1, 2);
  const [a, b] = members;
  a.tryTake();
  const [slot] = a.has;
  for (let use = 0; use < 5; use++) {
    await clock.advance(PATIENCE_MS - 1);
    expect(slot?.use(() => use)).toBe(use);
  }
  await clock.advance(PATIENCE_MS - 1);
  expect(b.tryTake()).toBe(false);
  await clock.advance(1);
  expect(b.tryTake()).toBe(true);
});
