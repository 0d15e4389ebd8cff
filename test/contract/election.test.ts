import { expect, test } from 'vitest';
import { clusterContract } from '../support/contract.js';

const LEASE_MS = 1_000;

clusterContract('the election', (open) => {
  test('one holds the lock, the others learn for how long', async () => {
    const cluster = open();
    const backends = [cluster.coordinator(), cluster.coordinator(), cluster.coordinator()];
    const elections = backends.map((backend) => backend.election('default', 5_000));
    const [first] = elections;
    expect(await first?.remainingMs()).toBe(0);
    const askedAt = backends[0]?.clock.now() ?? 0;
    const locks = await Promise.all(elections.map((election) => election.acquire()));
    const held = locks.filter((lock) => lock !== null);
    expect(held).toHaveLength(1);
    expect(held[0]?.expiresAt).toBeGreaterThan(askedAt);
    // The holder counts its lock as over before another coordinator can have it.
    const remaining = (await first?.remainingMs()) ?? 0;
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(5_000);
    expect(held[0]?.expiresAt).toBeLessThan((backends[0]?.clock.now() ?? 0) + remaining);
    expect(await Promise.all(elections.map((election) => election.acquire()))).toEqual([null, null, null]);
    // Another job store has another lock.
    expect(await backends[0]?.election('other', 5_000).acquire()).not.toBeNull();
  });

  test('a lock that is released is free at once; each holding has another name', async () => {
    const cluster = open();
    const election = cluster.coordinator().election('default', 5_000);
    const names = new Set<string>();
    for (let time = 0; time < 3; time++) {
      const lock = await election.acquire();
      names.add(lock?.value ?? '');
      await lock?.release();
      expect(await election.remainingMs()).toBe(0);
    }
    expect(names.size).toBe(3);
  });

  test('a lock that is not extended ends with its lease; one that is, does not', async () => {
    const cluster = open();
    const [one, other] = [cluster.coordinator(), cluster.coordinator()];
    const election = one.election('default', LEASE_MS);
    const lost = await election.acquire();
    await cluster.pass(LEASE_MS + 5);
    await expect(lost?.extend()).rejects.toThrow();
    const long = one.election('default', 20 * LEASE_MS);
    const kept = await long.acquire();
    const before = kept?.expiresAt ?? 0;
    await cluster.pass(LEASE_MS);
    await kept?.extend();
    expect(kept?.expiresAt).toBeGreaterThanOrEqual(before + LEASE_MS - 5);
    expect(await long.remainingMs()).toBeGreaterThan(19 * LEASE_MS);
    expect(await other.election('default', LEASE_MS).acquire()).toBeNull();
    await kept?.release();
  });

  test('a coordinator that lost the lock can neither extend nor release that of another', async () => {
    const cluster = open();
    const [one, other] = [cluster.coordinator(), cluster.coordinator()];
    const old = await one.election('default', LEASE_MS).acquire();
    await cluster.pass(LEASE_MS + 5);
    const held = await other.election('default', 60_000).acquire();
    expect(held).not.toBeNull();
    await expect(old?.extend()).rejects.toThrow();
    await old?.release().catch(() => {});
    expect(await one.election('default', LEASE_MS).acquire()).toBeNull();
    await held?.extend();
    await held?.release();
    expect(await one.election('default', LEASE_MS).acquire()).not.toBeNull();
  });
});
