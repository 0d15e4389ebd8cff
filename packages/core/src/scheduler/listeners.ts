import { InvalidOptionsError } from '../errors.js';
import type { CarillonEvent, EventOf, EventType } from '../event/events.js';
import { EVENT_TYPES, parseEvent } from '../event/schema.js';
import type { Report } from '../log.js';
import type { Backend } from '../ports/backend.js';
import type { EventBus, Unsubscribe } from '../ports/event-bus.js';
import { type ListenOptions, LogListeners } from './log-listeners.js';
import { checkNames } from './options.js';

export type Listener<Type extends EventType = EventType> = (event: EventOf<Type>) => unknown;

/** Ends a subscription: with `await using`, at the end of the block. */
export interface Subscription extends AsyncDisposable {
  remove(): Promise<void>;
}

interface Entry {
  readonly types: readonly EventType[];
  readonly ends: { readonly alias: string; readonly end: Unsubscribe }[];
}

/** The listeners of one process, subscribed at every one of its job stores. */
export class Listeners {
  readonly #report: Report;
  readonly #buses = new Map<string, EventBus>();
  readonly #entries = new Map<Listener, Entry>();
  /** Those that need every event. */
  readonly #ofLog: LogListeners<Listener>;

  constructor(report: Report) {
    this.#report = report;
    this.#ofLog = new LogListeners(report);
  }

  /** Resolves once every listener is subscribed there too. */
  async addStore(alias: string, backend: Pick<Backend, 'eventBus' | 'jobStore' | 'clock'>): Promise<void> {
    const bus = backend.eventBus(alias);
    this.#buses.set(alias, bus);
    await Promise.all([
      this.#ofLog.addSource(alias, { bus, records: backend.jobStore(alias).records, clock: backend.clock }),
      ...[...this.#entries].map(([listener, entry]) => this.#subscribe(alias, bus, listener, entry)),
    ]);
  }

  async removeStore(alias: string): Promise<void> {
    this.#buses.delete(alias);
    await this.#ofLog.removeSource(alias);
    for (const { ends } of this.#entries.values()) {
      await Promise.all(ends.filter((one) => one.alias === alias).map(({ end }) => end()));
    }
  }

  /** Resolves once subscribed. A listener that is added again changes its types. */
  async add(
    listener: Listener,
    types: readonly EventType[] = EVENT_TYPES,
    options: ListenOptions = {},
  ): Promise<Subscription> {
    if (typeof listener !== 'function') throw new InvalidOptionsError('the listener is not a function');
    checkNames(options, ['since', 'jobStore'], 'addListener');
    if (options.since === undefined && options.jobStore !== undefined) {
      throw new InvalidOptionsError('jobStore: goes with since; without it, every job store is listened to');
    }
    const place = options.since === undefined ? undefined : this.#ofLog.placeOf(options);
    await this.remove(listener);
    const remove = () => this.remove(listener);
    const subscription = { remove, [Symbol.asyncDispose]: remove };
    if (place) {
      await this.#ofLog.add(listener, types, place, (event) => this.#call(listener, event));
      return subscription;
    }
    const entry: Entry = { types: [...new Set(types)], ends: [] };
    this.#entries.set(listener, entry);
    await Promise.all([...this.#buses].map(([alias, bus]) => this.#subscribe(alias, bus, listener, entry)));
    return subscription;
  }

  async remove(listener: Listener): Promise<void> {
    await this.#ofLog.remove(listener);
    const entry = this.#entries.get(listener);
    this.#entries.delete(listener);
    await Promise.all((entry?.ends ?? []).map(({ end }) => end()));
  }

  /** Reads no more. What is subscribed to goes with the connection. */
  close(): void {
    this.#ofLog.close();
  }

  async #subscribe(alias: string, bus: EventBus, listener: Listener, { types, ends }: Entry): Promise<void> {
    const subscribed = types.map((type) =>
      bus.subscribe(`events:${type}`, (message) => this.#tell(listener, type, message)),
    );
    ends.push(...(await Promise.all(subscribed)).map((end) => ({ alias, end })));
  }

  /** A listener that throws, or rejects, harms nobody. */
  #tell(listener: Listener, type: EventType, message: string): void {
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
