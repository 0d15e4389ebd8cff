import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QueueOrder } from '../../../packages/coordinator/src/queue-order.js';

/** At most this many deliveries go ahead before another one is taken. */
const MOST_AHEAD = 20;

/** A queue that works like that of BullMQ, and the order that a leader decides for it. */
function world() {
  let now = 0;
  let count = 0;
  const order = new QueueOrder({ now: () => now, after: () => () => {} });
  const waiting: number[] = [];
  const ahead = new Set<number>();
  return {
    waiting,
    ahead,
    pass: (ms: number) => {
      now += ms;
    },
    /** Adds one delivery for each of these priorities. Returns the number of the first one. */
    add: (isFresh: boolean, ...priorities: readonly number[]) => {
      const first = count;
      const page = priorities.map((priority) => ({
        id: `${count++}`,
        executor: 'e',
        priority,
        runIds: ['r'],
        goesAhead: isFresh,
      }));
      for (const executor of order.toLookAt(page)) order.look(executor, waiting.length);
      for (const { id, priority, goesAhead = false } of order.inOrder(page)) {
        if (goesAhead) ahead.add(Number(id));
        if (goesAhead) waiting.unshift(Number(id));
        else if (priority === 0) waiting.push(Number(id));
      }
      return first;
    },
    take: () => waiting.shift(),
    busyMs: () => order.busyMs('e'),
    known: () => order.waiting('e'),
  };
}

const many = (length: number) => new Array<number>(length).fill(0);

test('in a short queue each goes behind the others; in a long one, a few that have just come due go ahead', () => {
  const { add, waiting, ahead } = world();
  for (let index = 0; index < 5; index++) add(true, 0);
  expect(ahead).toEqual(new Set());
  add(false, 0);
  const few = add(true, 0, 1, 0);
  expect(ahead).toEqual(new Set([few, few + 2]));
  expect(waiting.slice(0, 2)).toEqual([few + 2, few]);
});

test('a herd does not go ahead of itself, nor of another one', () => {
  const { add, ahead } = world();
  add(true, ...many(500));
  add(true, ...many(500));
  expect(ahead.size).toBe(0);
});

test('one that comes due now and then is behind none of a herd, however long its queue is', () => {
  const { add, take, waiting } = world();
  add(true, ...many(5_000));
  while (waiting.length > 100) {
    const neighbour = add(true, 0);
    expect(take()).toBe(neighbour);
    for (let index = 0; index < 7; index++) take();
  }
});

test('whatever comes and goes: what goes ahead keeps the others waiting no longer than it takes to take as many', () => {
  const steps = fc.array(fc.record({ fresh: fc.nat(30), others: fc.nat(3), taken: fc.nat(10), ms: fc.nat(150) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const { add, take, pass, ahead } = world();
      add(false, ...many(100));
      let lead = 0;
      for (const { fresh, others, taken, ms } of all) {
        add(true, ...many(fresh));
        add(false, ...many(others));
        for (let index = 0; index < taken; index++) {
          const one = take();
          if (one !== undefined) lead = Math.max(0, lead + (ahead.has(one) ? 1 : -1));
          if (lead > MOST_AHEAD) expect.fail(`${lead} ahead`);
        }
        pass(ms);
      }
    }),
  );
});

test('how long a queue keeps its workers busy follows from how fast it is taken from', () => {
  const { add, take, pass, busyMs } = world();
  expect(busyMs()).toBe(0);
  add(true, ...many(1_000));
  expect(busyMs()).toBe(Number.POSITIVE_INFINITY);
  for (let step = 0; step < 40; step++) {
    for (let index = 0; index < 10; index++) take();
    pass(100);
    add(false, ...many(10));
  }
  // A thousand deliveries, 100 a second.
  expect(busyMs()).toBeGreaterThan(9_000);
  expect(busyMs()).toBeLessThan(11_000);
});

test('how many deliveries wait is known for as long as that can be true', () => {
  const { add, known, pass } = world();
  expect(known()).toBe(0);
  add(false, ...many(7));
  expect(known()).toBe(7);
  pass(99);
  expect(known()).toBe(7);
  pass(1);
  expect(known()).toBe(0);
});
