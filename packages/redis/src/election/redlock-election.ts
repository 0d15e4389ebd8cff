import type { Clock, Election, Lock } from '@carillon/core/internal';
import Redlock, { ExecutionError, type Lock as RedlockLock, ResourceLockedError } from 'redlock';
import type { RedisClient } from '../connection/connection.js';

/** How much sooner than Redis we treat a lock as expired: 1 % for clocks that differ in speed, and 2 ms for rounding. */
const driftMs = (leaseMs: number) => Math.ceil(leaseMs / 100) + 2;

/** What Redis returns for a key that does not expire. */
const NEVER = -1;

/** A coordinator must be able to lead, and to go on leading, even when Redis has reached its `maxmemory`, so that the owed runs are worked through. */
const evenWhenFull = (script: string) => `#!lua flags=allow-oom\n${script}`;

/** Contends for a lock of redlock's. It never retries by itself: a lock that arrives late could be expired. */
export class RedlockElection implements Election {
  readonly #client: RedisClient;
  readonly #redlock: Redlock;
  readonly #key: string;
  readonly #leaseMs: number;
  readonly #clock: Clock;
  readonly #failure: (error: unknown) => unknown;

  /** @param failure returns what to throw for an error of the client's. */
  constructor(client: RedisClient, key: string, leaseMs: number, clock: Clock, failure: (error: unknown) => unknown) {
    this.#failure = failure;
    this.#client = client;
    const scripts = { acquireScript: evenWhenFull, extendScript: evenWhenFull };
    this.#redlock = new Redlock([client], { retryCount: 0 }, scripts);
    this.#key = key;
    this.#leaseMs = leaseMs;
    this.#clock = clock;
  }

  async acquire(): Promise<Lock | null> {
    const askedAt = this.#clock.now();
    try {
      const lock = await this.#redlock.acquire([this.#key], this.#leaseMs);
      return new HeldLock(lock, this.#leaseMs, this.#clock, askedAt);
    } catch (error) {
      const cause = await causeOf(error);
      if (cause instanceof ResourceLockedError) return null;
      throw this.#failure(cause);
    }
  }

  async remainingMs(): Promise<number> {
    const ms = await this.#client.pttl(this.#key).catch((error) => {
      throw this.#failure(error);
    });
    return ms === NEVER ? Number.POSITIVE_INFINITY : Math.max(0, ms);
  }
}

/** A lock that is held. Each extension returns a new lock of redlock's; `#lock` is always the newest. */
class HeldLock implements Lock {
  readonly value: string;
  #lock: RedlockLock;
  #expiresAt: number;
  readonly #leaseMs: number;
  readonly #clock: Clock;

  constructor(lock: RedlockLock, leaseMs: number, clock: Clock, askedAt: number) {
    this.value = lock.value;
    this.#lock = lock;
    this.#leaseMs = leaseMs;
    this.#clock = clock;
    this.#expiresAt = askedAt + leaseMs - driftMs(leaseMs);
  }

  get expiresAt(): number {
    return this.#expiresAt;
  }

  async extend(): Promise<void> {
    const askedAt = this.#clock.now();
    this.#lock = await this.#lock.extend(this.#leaseMs);
    this.#expiresAt = askedAt + this.#leaseMs - driftMs(this.#leaseMs);
  }

  async release(): Promise<void> {
    await this.#lock.release();
  }
}

/** Returns why there was no quorum: the error of a server if there is one, else that the lock is taken. */
async function causeOf(error: unknown): Promise<unknown> {
  if (!(error instanceof ExecutionError)) return error;
  const votes = (await Promise.all(error.attempts)).flatMap(({ votesAgainst }) => [...votesAgainst.values()]);
  return votes.find((vote) => !(vote instanceof ResourceLockedError)) ?? votes[0] ?? error;
}
