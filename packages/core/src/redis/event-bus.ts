import type { Channel, EventBus, Unsubscribe } from '../ports/event-bus.js';
import type { RedisClient } from './connection.js';

type Callback = (message: string) => void;
type Answered = <T>(ask: () => Promise<T>) => Promise<T>;

/** The pub/sub connection of one Redis, which any number of job stores' buses share. */
export class Subscriber {
  readonly client: RedisClient;
  readonly #answered: Answered;
  readonly #callbacks = new Map<string, Set<Callback>>();

  /** @param answered turns what a command rejects with into an error of ours. */
  constructor(client: RedisClient, answered: Answered) {
    this.client = client;
    this.#answered = answered;
    client.on('message', (channel: string, message: string) => {
      for (const callback of this.#callbacks.get(channel) ?? []) callback(message);
    });
  }

  async subscribe(channel: string, callback: Callback): Promise<Unsubscribe> {
    const callbacks = this.#callbacks.get(channel) ?? new Set();
    this.#callbacks.set(channel, callbacks);
    callbacks.add(callback);
    try {
      await this.#answered(() => this.client.subscribe(channel));
    } catch (error) {
      callbacks.delete(callback);
      throw error;
    }
    return async () => {
      // What was published before is still on its way, and arrives before the answer to this.
      await this.#answered(() => this.client.subscribe(channel)).catch(() => {});
      if (!callbacks.delete(callback) || callbacks.size > 0) return;
      this.#callbacks.delete(channel);
      await this.#answered(() => this.client.unsubscribe(channel));
    };
  }
}

/** What one job store publishes, over Redis' pub/sub. */
export class RedisEventBus implements EventBus {
  readonly #subscriber: Subscriber;
  readonly #base: string;

  /** @param base what stands before the names of the store's channels. */
  constructor(subscriber: Subscriber, base: string) {
    this.#subscriber = subscriber;
    this.#base = base;
  }

  subscribe(channel: Channel, callback: Callback): Promise<Unsubscribe> {
    return this.#subscriber.subscribe(this.#base + channel, callback);
  }
}
