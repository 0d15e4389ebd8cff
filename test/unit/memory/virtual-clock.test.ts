import { VirtualClock } from '@carillon/core/memory';
import { expect, test } from 'vitest';

test('timers run by instant, then by age, at their own time', async () => {
  const clock = new VirtualClock(new Date(1_000));
  const ran: string[] = [];
  const set = (name: string, ms: number) => clock.after(ms, () => ran.push(`${name} at ${clock.now()}`));
  set('c', 20);
  set('a', 10);
  set('b', 10);
  set('d', 21);
  await clock.advance(20);
  expect(ran).toEqual(['a at 1010', 'b at 1010', 'c at 1020']);
  expect(clock.now()).toBe(1_020);
  expect(clock.date).toEqual(new Date(1_020));
});

test('what a timer sets off is over before the next one runs', async () => {
  const clock = new VirtualClock(new Date(0));
  const ran: string[] = [];
  clock.after(10, async () => {
    for (let turn = 0; turn < 1_000; turn++) await Promise.resolve();
    ran.push('first');
    clock.after(5, () => ran.push('set by the first'));
  });
  clock.after(10, () => ran.push('second'));
  clock.after(16, () => ran.push('third'));
  await clock.advance('1s');
  expect(ran).toEqual(['first', 'second', 'set by the first', 'third']);
});

test('a timer that is cancelled does not run, even by another of its instant', async () => {
  const clock = new VirtualClock();
  let ran = 0;
  const cancel = clock.after(5, () => ran++);
  clock.after(3, () => cancel());
  const late = clock.after(6, () => ran++);
  await clock.advance(5);
  late();
  late();
  await clock.advance(5);
  expect(ran).toBe(0);
});

test('no timer runs early, nor in the past', async () => {
  const clock = new VirtualClock(new Date(0));
  const ran: number[] = [];
  clock.after(1.2, () => ran.push(clock.now()));
  clock.after(-5, () => ran.push(clock.now()));
  clock.after(0, () => ran.push(clock.now()));
  expect(ran).toEqual([]);
  await clock.advance(0);
  await clock.advance(5);
  expect(ran).toEqual([0, 0, 2]);
});

test('after a jump, what is overdue runs at the new time', async () => {
  const clock = new VirtualClock(new Date(0));
  const ran: number[] = [];
  clock.after(10, () => ran.push(clock.now()));
  clock.after(20, () => ran.push(clock.now()));
  await clock.set(new Date(15));
  expect(ran).toEqual([15]);
  await clock.set(new Date(3));
  expect(clock.now()).toBe(3);
  await clock.advance(17);
  expect(ran).toEqual([15, 20]);
});

test('what is not a duration is refused', async () => {
  const clock = new VirtualClock();
  await expect(clock.advance(-1)).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
});

test('the time of upkeep stands still while all clusters say so, and continues from there', async () => {
  const clock = new VirtualClock(new Date(0));
  const ran: string[] = [];
  const beat = () => {
    ran.push(`beat at ${clock.upkeep.now()}, ${clock.now()}`);
    clock.upkeep.after(10, beat);
  };
  clock.upkeep.after(10, beat);
  clock.after(25, () => ran.push(`timer at ${clock.now()}`));
  await clock.advance(20);
  expect(ran).toEqual(['beat at 10, 10', 'beat at 20, 20']);

  let isNeeded = false;
  let disturbed = 0;
  clock.watchUpkeep({ isNeeded: () => false, disturb: () => disturbed++ });
  clock.watchUpkeep({ isNeeded: () => isNeeded, disturb: () => disturbed++ });
  await clock.advance(1_000);
  expect(ran.splice(2)).toEqual(['timer at 25']);
  expect([clock.now(), clock.upkeep.now()]).toEqual([1_020, 20]);
  isNeeded = true;
  await clock.advance(15);
  expect(ran.splice(2)).toEqual(['beat at 30, 1030']);
  // Setting the clock also moves upkeep, and what is due by that time runs, needed or not.
  isNeeded = false;
  await clock.set(new Date(1_042));
  expect(ran.splice(2)).toEqual(['beat at 42, 1042']);
  expect(disturbed).toBe(2);
});

test('timers of both kinds of one instant run by age', async () => {
  const clock = new VirtualClock(new Date(0));
  const ran: string[] = [];
  clock.after(10, () => ran.push('a'));
  clock.upkeep.after(10, () => ran.push('b'));
  clock.after(10, () => ran.push('c'));
  clock.upkeep.after(9, () => ran.push('first'));
  await clock.advance(10);
  expect(ran).toEqual(['first', 'a', 'b', 'c']);
});

test('time passes until a promise settles', async () => {
  const clock = new VirtualClock(new Date(0));
  const later = (ms: number) => new Promise<number>((resolve) => void clock.after(ms, () => resolve(clock.now())));
  expect(await clock.advanceUntil(Promise.resolve('at once'))).toBe('at once');
  expect(clock.now()).toBe(0);
  void later(7_000);
  expect(await clock.advanceUntil(later(5_000))).toBe(5_000);
  expect(clock.now()).toBe(5_000);
  await expect(clock.advanceUntil(later(10).then(() => Promise.reject(new Error('as it is'))))).rejects.toThrow(
    'as it is',
  );
  const never = new Promise(() => {});
  void later(20_000);
  await expect(clock.advanceUntil(never, '1s')).rejects.toThrow('still pending after 1s of virtual time');
  await expect(clock.advanceUntil(never)).rejects.toThrow('no timer is left');
});
