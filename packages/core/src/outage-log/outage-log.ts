import type { Clock } from '../ports/clock.js';
import type { OutageLine } from './lines.js';
import { type Connection, type ConnectionChange, RedisHealth } from './redis-health.js';

export type Say = (line: OutageLine & { readonly redis: string }) => void;

/** The outages of every Redis that the members with one logger use: each is said once, whichever of them see it. */
export class OutageLog {
  readonly #say: Say;
  readonly #clock: Clock;
  readonly #accounts = new Map<string, RedisHealth>();

  constructor(say: Say, clock: Clock) {
    this.#say = say;
    this.#clock = clock;
  }

  changed(connection: Connection, change: ConnectionChange): void {
    const redis = serverOf(connection.redis);
    let account = this.#accounts.get(redis);
    if (!account) {
      if (change === 'ended') return;
      account = new RedisHealth((line) => this.#say({ ...line, redis }), this.#clock);
      this.#accounts.set(redis, account);
    }
    account.changed(connection, change);
    if (account.isEmpty) this.#accounts.delete(redis);
  }

  /**
   * A call failed as Redis was not reached.
   * @param redis where it is known.
   * @returns whether nothing more is to be said of it.
   */
  failed(redis: string | undefined, error: unknown): boolean {
    const [first, ...others] = this.#accounts.values();
    const account = redis === undefined && others.length === 0 ? first : this.#accounts.get(serverOf(redis ?? ''));
    if (!account) return redis === undefined && [...this.#accounts.values()].some(({ isOutage }) => isOutage);
    return account.failed(error);
  }
}

/** The same for each way to name a server: a URL, whatever its database, or its host and port. */
function serverOf(redis: string): string {
  const server = redis.replace(/^rediss?:\/\//i, '').replace(/\/.*$/, '');
  return /:\d+$/.test(server) ? server : `${server}:6379`;
}
