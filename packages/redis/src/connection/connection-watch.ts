import { type Clock, type Outage, OutageWatch, systemClock } from '@carillon/core/internal';

/** The part of a client that shows whether it is connected. */
interface WatchedClient {
  on(event: 'error', callback: (error: Error) => void): unknown;
  on(event: 'close' | 'ready', callback: () => void): unknown;
}

/** Knows since when a client has been without its connection. A client that was never asked to connect has no outage. */
export class ConnectionWatch {
  readonly #watch: OutageWatch;

  constructor(client: WatchedClient, clock: Clock = systemClock) {
    this.#watch = new OutageWatch(clock);
    client.on('error', (error) => this.#watch.began(error));
    client.on('close', () => this.#watch.began(this.outage?.why ?? 'the connection to Redis is lost'));
    client.on('ready', () => this.#watch.ended());
  }

  /** null if the client is connected, or does not have to be. */
  get outage(): Outage | null {
    return this.#watch.outage;
  }
}
