import type { Channel, EventBus, Unsubscribe } from '../ports/event-bus.js';
import type { Line } from './line.js';

type Callback = (message: string) => void;

/** The channels of one job store. */
export class Channels {
  readonly #subscribers = new Map<string, Set<Callback>>();
  #watcher: ((channel: string, message: string) => void) | undefined;

  /** Whether the channel has a subscriber now. */
  hears(channel: string): boolean {
    return this.#watcher !== undefined || (this.#subscribers.get(channel)?.size ?? 0) > 0;
  }

  /** Calls each subscriber after the caller is done, in the order of publishing. */
  publish(channel: string, message: string): void {
    this.#watcher?.(channel, message);
    const subscribers = this.#subscribers.get(channel);
    for (const callback of subscribers ?? []) {
      queueMicrotask(() => {
        if (subscribers?.has(callback)) callback(message);
      });
    }
  }

  /** Calls back with each message as it is published, before anything else happens. */
  watch(watcher: (channel: string, message: string) => void): void {
    this.#watcher = watcher;
  }

  subscribe(channel: string, callback: Callback): () => void {
    const subscribers = this.#subscribers.get(channel) ?? new Set();
    this.#subscribers.set(channel, subscribers);
    subscribers.add(callback);
    return () => {
      subscribers.delete(callback);
    };
  }
}

/** The messages of one job store, as one user gets them. */
export class MemoryEventBus implements EventBus {
  readonly #line: Line;
  readonly #channels: Channels;

  constructor(line: Line, channels: Channels) {
    this.#line = line;
    this.#channels = channels;
  }

  async subscribe(channel: Channel, callback: Callback): Promise<Unsubscribe> {
    const unsubscribe = await this.#line.ask('subscribe', () => {
      const end = this.#channels.subscribe(channel, (message) => callback(message));
      this.#line.onEnd(end);
      return end;
    });
    return async () => unsubscribe();
  }
}
