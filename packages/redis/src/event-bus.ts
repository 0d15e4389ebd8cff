import type { Channel, EventBus, Unsubscribe } from '@carillon/core/internal';
import type { RedisClient } from './connection/connection.js';

type Callback = (message: string) => void;
type Answered = <T>(ask: () => Promise<T>) => Promise<T>;

const RETRY_MS = 1_000;

/** The pub/sub connection to one Redis. The buses of any number of job stores share it. */
export class Subscriber {
  readonly #client: RedisClient;
  readonly #answered: Answered;
  readonly #callbacks = new Map<string, Set<Callback>>();

  /** @param answered runs a command, and turns the error that it rejects with into one of ours. */
  constructor(client: RedisClient, answered: Answered) {
    this.#client = client;
    this.#answered = answered;
    client.on('message', (channel: string, message: string) => {
      for (const callback of this.#callbacks.get(channel) ?? []) callback(message);
    });
    client.on('ready', () => void this.#subscribeAgain());
  }

  async subscribe(channel: string, callback: Callback): Promise<Unsubscribe> {
    const callbacks = this.#callbacks.get(channel) ?? new Set();
    this.#callbacks.set(channel, callbacks);
    callbacks.add(callback);
    try {
      await this.#answered(() => this.#client.subscribe(channel));
    } catch (error) {
      callbacks.delete(callback);
      if (callbacks.size === 0 && this.#callbacks.get(channel) === callbacks) this.#callbacks.delete(channel);
      throw error;
    }
    return async () => {
      // Messages that were published before may still be on their way: they arrive before the answer to this call.
      await this.#answered(() => this.#client.subscribe(channel)).catch(() => {});
      if (!callbacks.delete(callback) || callbacks.size > 0) return;
      this.#callbacks.delete(channel);
      await this.#answered(() => this.#client.unsubscribe(channel));
    };
  }

  /**
   * Subscribes again on a new connection, which knows of no channels. If this connection is lost before it has answered, the client's own way
   * forgets the channels for good, and ends the process by a rejection that cannot be caught.
   */
  async #subscribeAgain(): Promise<void> {
    const channels = [...this.#callbacks.keys()];
    if (channels.length === 0) return;
    try {
      await this.#client.subscribe(...channels);
    } catch {
      // If the connection was lost, the next one calls this again. If it was not, Redis refused the call.
      if (this.#client.status === 'ready') setTimeout(() => void this.#subscribeAgain(), RETRY_MS).unref();
    }
  }
}

/** The event bus of one job store, over Redis' pub/sub. */
export class RedisEventBus implements EventBus {
  readonly #subscriber: Subscriber;
  readonly #base: string;

  /** @param base the beginning of the names of the store's channels. */
  constructor(subscriber: Subscriber, base: string) {
    this.#subscriber = subscriber;
    this.#base = base;
  }

  subscribe(channel: Channel, callback: Callback): Promise<Unsubscribe> {
    return this.#subscriber.subscribe(this.#base + channel, callback);
  }
}
