import { setTimeout as delay } from 'node:timers/promises';
import { eventsOf } from '@carillon/redis';
import { Redis } from 'ioredis';
import type { Told } from './told.js';

const POLL_MS = 100;
const PAGE = 5_000;

/** The name of connections that only look on: no fault is to hit them on purpose. */
export const OBSERVER = 'observer';

/**
 * Collects what is published in a job store: from the stream `log` where the store keeps one, which loses nothing as long as
 * this keeps up, else from the channels, where what is published while nobody is subscribed is lost. Either way gaps in
 * `seq` tell what was not seen. It connects past the proxies and past all of Carillon's own ways.
 */
export class Collector {
  readonly events: Told[] = [];
  readonly #base: string;
  readonly #client: Redis;
  readonly #subscriber: Redis;
  readonly #probes = new Set<string>();
  #source: 'channels' | 'log' = 'channels';
  #lastId = '0-0';
  #polling: Promise<void> | undefined;
  #stopped = false;

  /** @param base what stands before the keys and channels of the store. */
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

  /** Goes over to the log, if the store keeps one: something must have been published. */
  async preferLog(): Promise<void> {
    if ((await this.#client.exists(`${this.#base}log`)) === 0) return;
    this.#source = 'log';
    this.events.length = 0;
    this.#polling = this.#poll();
  }

  /** Resolves once what is published from now on is seen. */
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

  /** The first event from an index on that fits, whether it has come or is yet to come. @throws Error after the limit. */
  async first(from: number, fits: (event: Told) => boolean, limitMs: number, what: string): Promise<Told> {
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

  /** Reads what is left. Returns of each type how many events were published that were not seen. */
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
    this.events.push(JSON.parse(message) as Told);
  }
}

/** Of each type, how many events were published that were not seen. */
function unseen(events: readonly Told[], published: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const seen = new Map<string, Set<number>>();
  for (const { type, seq } of events) seen.set(type, (seen.get(type) ?? new Set()).add(seq));
  const missing = [...published].map(([type, count]) => [type, count - (seen.get(type)?.size ?? 0)] as const);
  return new Map(missing.filter(([, count]) => count > 0));
}
