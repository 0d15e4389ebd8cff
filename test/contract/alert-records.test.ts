import { expect, test } from 'vitest';
import { jobStoreContract, type TestedStore } from '../support/contract.js';

const hold = async ({ store }: TestedStore, watcherId: string, forMs = 1_000) =>
  (await store.alerts.hold({ watcherId, forMs })).holds;
const keep = ({ store }: TestedStore, watcherId: string, fields: Readonly<Record<string, string>>) =>
  store.alerts.keep({ watcherId, fields: new Map(Object.entries(fields)) });
const kept = async ({ store }: TestedStore) => Object.fromEntries((await store.alerts.read()).fields);

jobStoreContract('what is kept for alerts', (open) => {
  test('is written by the one process that has the place, which is free once it leaves, or its time is over', async () => {
    const contract = await open();
    expect(await keep(contract, 'a', { x: '1' })).toBe(false);
    expect([await hold(contract, 'a'), await hold(contract, 'b'), await hold(contract, 'a')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(await keep(contract, 'b', { x: '2' })).toBe(false);
    expect(await keep(contract, 'a', { x: '3', y: 'old' })).toBe(true);
    await contract.pass(999);
    expect(await hold(contract, 'b')).toBe(false);
    await contract.pass(1);
    // No other holder has taken the place yet, but the hold is over anyway.
    expect(await keep(contract, 'a', { x: '4' })).toBe(false);
    expect([await hold(contract, 'b'), await hold(contract, 'a')]).toEqual([true, false]);
    expect(await kept(contract)).toEqual({ x: '3', y: 'old' });
    expect(await keep(contract, 'b', { y: '', z: 'a b\n{}' })).toBe(true);
    expect(await kept(contract)).toEqual({ x: '3', z: 'a b\n{}' });
    expect(await hold(contract, 'a', 0)).toBe(false);
    expect(await hold(contract, 'b', 0)).toBe(false);
    expect(await keep(contract, 'b', { x: '5' })).toBe(false);
    expect(await hold(contract, 'a')).toBe(true);
  });

  test('with silences, which any client adds and removes, and which end by themselves', async () => {
    const contract = await open();
    const { now, store } = contract;
    const silences = async () => (await store.alerts.read()).silences.toSorted((a, b) => a.until - b.until);
    const [short, long] = [
      { id: 's', until: now + 1_000, json: '{"rule":"a b"}' },
      { id: 'l', until: now + 9_000, json: '{}' },
    ];
    for (const silence of [short, long]) await store.alerts.silence({ id: silence.id, silence });
    expect(await silences()).toEqual([short, long]);
    expect((await store.alerts.hold({ watcherId: 'a', forMs: 1 })).silences).toHaveLength(2);
    await contract.pass(1_000);
    expect(await silences()).toEqual([long]);
    expect((await store.alerts.hold({ watcherId: 'b', forMs: 0 })).silences).toEqual([long]);
    await store.alerts.silence({ id: 'l', silence: null });
    await store.alerts.silence({ id: 'l', silence: null });
    expect(await silences()).toEqual([]);
    expect((await store.alerts.read()).now).toBe(now + 1_000);
  });
});
