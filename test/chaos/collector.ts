import { setTimeout as delay } from 'node:timers/promises';
import { eventsOf } from '@carillon/redis';
import { Redis } from 'ioredis';
import type { Reported } from './reported.js';

const POLL_MS = 100;
const PAGE = 5_000;

/** The name of connections that only observe: no fault may hit them on purpose. */
export const OBSERVER = 'observer';

/**
 * Collects the events of a job store. It reads the stream `log` if the store keeps one, which loses nothing as long as the collector
 * keeps up. Otherwise it reads the channels, which lose what is published while it is not subscribed. Gaps in `seq` show the events
 * that were not seen. It bypasses the proxies and Carillon's own connections.
 */
export class Collector {
  readonly events: Reported[] = [];
  readonly #base: string;
  readonly #client: Redis;
  readonly #subscriber: Redis;
  readonly #probes = new Set<string>();
  #source: 'channels' | 'log' = 'channels';
  #lastId = '0-0';
  #polling: Promise<void> | undefined;
  #stopped = false;

  /** @param base the prefix of the store's keys and channels. */
  constructor(url: string, base: string) {
    this.#base = base;
    const connectionName = OBSERVER;
    const options = { connectionName, maxRetriesPerRequest: null, retryStrategy: () => 20, lazyConnect: true };
    this.#client = new Redis(url, options);
    this.#subscriber = new Redis(url, options);
    for (const client of [this.#client, this.#subscriber]) client.on('error', () => {});
    this.#subscriber.on('pmessage', (_, channel: string, message: string) => {
      if (channel === `${base}events:probe`) this.#probes.delete(message);
      else if (this.#source === 'channels') this.#add(message);
    });
  }

  async start(): Promise<void> {
    await this.#subscriber.psubscribe(`${this.#base}events:*`);
  }

  get source(): 'channels' | 'log' {
    return this.#source;
  }

  /** Switches to the log, if the store keeps one. Call it only after an event was published. */
  async preferLog(): Promise<void> {
    if ((await this.#client.exists(`${this.#base}log`)) === 0) return;
    this.#source = 'log';
    this.events.length = 0;
    this.#polling = this.#poll();
  }

  /** Resolves once the collector is subscribed (again). @throws Error after the limit. */
  async connected(limitMs = 30_000): Promise<void> {
    const deadline = performance.now() + limitMs;
    const probe = `${Math.random()}`;
    this.#probes.add(probe);
    while (this.#probes.has(probe)) {
      if (performance.now() > deadline) throw new Error('the collector is not subscribed again');
      await this.#client.publish(`${this.#base}events:probe`, probe);
      await delay(10);
    }
  }

  /** Returns the first event from an index on that fits, and waits for it if necessary. @throws Error after the limit. */
  async first(from: number, fits: (event: Reported) => boolean, limitMs: number, what: string): Promise<Reported> {
    const deadline = performance.now() + limitMs;
    for (let index = from; ; ) {
      for (; index < this.events.length; index++) {
        const event = this.events[index];
        if (event && fits(event)) return event;
      }
      if (performance.now() > deadline) throw new Error(`within ${limitMs} ms there was no ${what}`);
      await delay(20);
    }
  }

  /** Reads the rest. Returns by type how many published events were not seen. */
  async finish(): Promise<ReadonlyMap<string, number>> {
    const published = Object.entries(await this.#client.hgetall(`${this.#base}seq`));
    await this.connected();
    this.#stopped = true;
    await this.#polling;
    if (this.#source === 'log') await this.#readLog();
    return unseen(this.events, new Map(published.map(([type, count]) => [type, Number(count)])));
  }

  stop(): void {
    this.#stopped = true;
    this.#client.disconnect();
    this.#subscriber.disconnect();
  }

  async #poll(): Promise<void> {
    while (!this.#stopped) {
      await this.#readLog().catch(() => {});
      await delay(POLL_MS);
    }
  }

  async #readLog(): Promise<void> {
    for (;;) {
      const page = await this.#client.xrange(`${this.#base}log`, `(${this.#lastId}`, '+', 'COUNT', PAGE);
      for (const [id, fields] of page) {
        this.#lastId = id;
        for (const { message } of eventsOf(id, fields)) this.#add(message);
      }
      if (page.length < PAGE) return;
    }
  }

  #add(message: string): void {
    this.events.push(JSON.parse(message) as Reported);
  }
}

/** Returns by type how many published events were not seen. */
function unseen(events: readonly Reported[], published: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const seen = new Map<string, Set<number>>();
  for (const { type, seq } of events) seen.set(type, (seen.get(type) ?? new Set()).add(seq));
  const missing = [...published].map(([type, count]) => [type, count - (seen.get(type)?.size ?? 0)] as const);
  return new Map(missing.filter(([, count]) => count > 0));
}
