import { InvalidOptionsError } from '../errors.js';
import type { CarillonEvent, EventOf, EventType } from '../event/events.js';
import { EVENT_TYPES, parseEvent } from '../event/schema.js';
import type { Report } from '../log.js';
import type { Backend } from '../ports/backend.js';
import type { EventBus, Unsubscribe } from '../ports/event-bus.js';
import { type ListenOptions, LogListeners } from './log-listeners.js';
import { checkNames } from './options.js';
import { endEach, subscribeToEach } from './subscriptions.js';

export type Listener<Type extends EventType = EventType> = (event: EventOf<Type>) => unknown;

/** Ends a subscription: with `await using`, at the end of the block. */
export interface Subscription extends AsyncDisposable {
  remove(): Promise<void>;
}

/** The members of a job store's backend that listeners use. */
type StoreBackend = Pick<Backend, 'eventBus' | 'jobStore' | 'clock'>;

interface Entry {
  readonly types: readonly EventType[];
  /** By alias, the functions that end its subscriptions there; empty until they are made. */
  readonly ends: Map<string, readonly Unsubscribe[]>;
}

/** The listeners of one process, subscribed at each of its job stores. */
export class Listeners {
  readonly #report: Report;
  readonly #stores = new Map<string, { readonly backend: StoreBackend; readonly bus: EventBus }>();
  readonly #entries = new Map<Listener, Entry>();
  /** The listeners that need every event. */
  readonly #ofLog: LogListeners<Listener>;

  constructor(report: Report) {
    this.#report = report;
    this.#ofLog = new LogListeners(report);
  }

  /** Resolves once every listener is subscribed there too. After a failure, it may be called again. */
  async addStore(alias: string, backend: StoreBackend): Promise<void> {
    const known = this.#stores.get(alias);
    const bus = known?.backend === backend ? known.bus : backend.eventBus(alias);
    this.#stores.set(alias, { backend, bus });
    const missing = [...this.#entries].filter(([, { ends }]) => !ends.has(alias));
    await Promise.all([
      this.#ofLog.addSource(alias, { bus, records: backend.jobStore(alias).records, clock: backend.clock }),
      ...missing.map(([listener, entry]) => this.#subscribe(alias, bus, listener, entry)),
    ]);
  }

  /** Listeners still get what was published before. */
  async removeStore(alias: string): Promise<void> {
    const store = this.#stores.get(alias);
    this.#stores.delete(alias);
    // Events arrive in order, over a connection of their own: one more reply on it arrives after all of them.
    if (store && this.#entries.size > 0) await roundTrip(store.bus).catch(() => {});
    const ended: Unsubscribe[] = [];
    for (const { ends } of this.#entries.values()) {
      ended.push(...(ends.get(alias) ?? []));
      ends.delete(alias);
    }
    await Promise.all([this.#ofLog.removeSource(alias), ...ended.map((end) => end())]);
  }

  /** Resolves once subscribed, at every job store or, where it rejects, at none. A listener that is added again changes its types. */
  async add(
    listener: Listener,
    types: readonly EventType[] = EVENT_TYPES,
    options: ListenOptions = {},
  ): Promise<Subscription> {
    if (typeof listener !== 'function') throw new InvalidOptionsError('the listener is not a function');
    checkNames(options, ['since', 'jobStore'], 'addListener');
    if (options.since === undefined && options.jobStore !== undefined) {
      throw new InvalidOptionsError(
        'jobStore: give it together with since; without since, a listener gets the events of every job store',
      );
    }
    const place = options.since === undefined ? undefined : this.#ofLog.placeOf(options);
    const remove = () => this.remove(listener);
    // The new entry is set in this turn, not in a later one: a caller that adds the listener again meanwhile finds it, and ends it. The
    // entry before gets no more events, whether or not Redis is reached.
    const replaced = remove().catch(() => {});
    if (place) {
      const deliver = (event: CarillonEvent) => this.#call(listener, event);
      await Promise.all([replaced, this.#ofLog.add(listener, types, place, deliver)]);
    } else {
      await this.#subscribeAll(listener, types, replaced);
    }
    return { remove, [Symbol.asyncDispose]: remove };
  }

  async remove(listener: Listener): Promise<void> {
    const entry = this.#entries.get(listener);
    this.#entries.delete(listener);
    const ended = [...(entry?.ends.values() ?? [])].flat().map((end) => end());
    await Promise.all([this.#ofLog.remove(listener), ...ended]);
  }

  /** Stops reading. Subscriptions end with the connection. */
  close(): void {
    this.#ofLog.close();
  }

  async #subscribeAll(listener: Listener, types: readonly EventType[], replaced: Promise<void>): Promise<void> {
    const entry: Entry = { types: [...new Set(types)], ends: new Map() };
    this.#entries.set(listener, entry);
    await replaced;
    const missing = [...this.#stores].filter(([alias]) => !entry.ends.has(alias));
    try {
      await Promise.all(missing.map(([alias, { bus }]) => this.#subscribe(alias, bus, listener, entry)));
    } catch (error) {
      // Subscribes everywhere or nowhere. A subscription that cannot be ended gets no more events anyway.
      if (this.#entries.get(listener) === entry) await this.remove(listener).catch(() => {});
      throw error;
    }
  }

  async #subscribe(alias: string, bus: EventBus, listener: Listener, entry: Entry): Promise<void> {
    entry.ends.set(alias, []);
    const deliver = (message: string, type: EventType) => this.#deliver(listener, type, message);
    const { ends, failed } = await subscribeToEach(bus, entry.types, deliver);
    const isWanted = this.#entries.get(listener) === entry && this.#stores.get(alias)?.bus === bus;
    if (!failed && isWanted) {
      entry.ends.set(alias, ends);
      return;
    }
    // All types or none: a subscription that was left over would cause two calls after the next attempt.
    if (isWanted) entry.ends.delete(alias);
    await endEach(ends);
    if (failed) throw failed.reason;
  }

  /** A listener that throws or rejects does not affect others. */
  #deliver(listener: Listener, type: EventType, message: string): void {
    const event = parseEvent(message);
    if (event?.type !== type) {
      this.#report({ kind: 'message_unreadable', channel: `events:${type}`, message: message.slice(0, 200) });
      return;
    }
    void this.#call(listener, event);
  }

  async #call(listener: Listener, event: CarillonEvent): Promise<void> {
    try {
      await listener(event);
    } catch (error) {
      this.#report({ kind: 'listener_failed', event: event.type, error });
    }
  }
}

async function roundTrip(bus: EventBus): Promise<void> {
  const end = await bus.subscribe('wakeup', () => {});
  await end();
}
