import { InvalidOptionsError, UnknownJobStoreError } from '../errors.js';
import type { CarillonEvent, EventType } from '../event/events.js';
import type { Report } from '../log.js';
import { within } from '../ports/clock.js';
import type { EventPosition } from '../ports/job-records.js';
import { shown } from '../shown.js';
import { type EventSource, LogFollower } from './log-follower.js';

/** The options of a listener. */
export interface ListenOptions {
  /**
   * Where the listener begins: a Date (events from that instant on, by the clock of Redis), or the `eventId` of an event (events after
   * it). The listener gets every event from there on, in order and once, as far as the job store's log goes back: about 20,000 events.
   * By default it gets events from now on, and an event that is lost on its way is not sent again.
   */
  readonly since?: Date | string | undefined;
  /** With `since`: only the events of this job store. An `eventId` belongs to one job store: name it here where there are several. */
  readonly jobStore?: string | undefined;
}

type Deliver = (event: CarillonEvent) => Promise<void>;

/** How long a listener may take for events that were published before its job store was removed. */
const FINISH_MS = 1_000;

/** Where in the logs a listener begins. */
interface LogPlace {
  readonly since: EventPosition;
  /** undefined means in each job store's. */
  readonly jobStore: string | undefined;
}

interface Entry extends LogPlace {
  readonly types: readonly EventType[];
  readonly deliver: Deliver;
  readonly followers: Map<string, LogFollower>;
  /** By alias, its position in a job store that was removed: if that is added again, it continues from there. */
  readonly positions: Map<string, EventPosition>;
}

/** The listeners of one process that need every event. */
export class LogListeners<Key> {
  readonly #report: Report;
  readonly #sources = new Map<string, EventSource>();
  readonly #entries = new Map<Key, Entry>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** Resolves once every listener gets events of that job store, too. */
  async addSource(alias: string, source: EventSource): Promise<void> {
    this.#sources.set(alias, source);
    const missing = [...this.#entries.values()].filter(({ followers }) => !followers.has(alias));
    await Promise.all(missing.map((entry) => this.#follow(alias, source, entry)));
  }

  /** Listeners still get what was published before, unless they take long. */
  async removeSource(alias: string): Promise<void> {
    const source = this.#sources.get(alias);
    this.#sources.delete(alias);
    const left = [...this.#entries.values()].map((entry) => ({ entry, follower: entry.followers.get(alias) }));
    const finished = Promise.all(left.map(({ follower }) => follower?.finish()));
    if (source) await within(source.clock, FINISH_MS, finished);
    const stopped = left.map(({ entry, follower }) => {
      if (!follower) return undefined;
      const end = follower.stop();
      entry.followers.delete(alias);
      entry.positions.set(alias, follower.position);
      return end;
    });
    await Promise.all(stopped);
  }

  /** @throws InvalidOptionsError, UnknownJobStoreError */
  placeOf({ since, jobStore }: ListenOptions): LogPlace {
    const aliases = [...this.#sources.keys()];
    if (jobStore !== undefined && !aliases.includes(jobStore)) throw new UnknownJobStoreError(jobStore, aliases);
    const position = positionOf(since);
    if ('before' in position || jobStore !== undefined) return { since: position, jobStore };
    if (aliases.length === 1) return { since: position, jobStore: aliases[0] };
    throw new InvalidOptionsError(
      `since: an eventId belongs to one job store, and there are ${aliases.join(', ')}: name one by jobStore`,
    );
  }

  /** Resolves once the listener gets events. */
  async add(key: Key, types: readonly EventType[], from: LogPlace, deliver: Deliver): Promise<void> {
    const entry: Entry = { ...from, types: [...new Set(types)], deliver, followers: new Map(), positions: new Map() };
    // In this turn, not in a later one: a caller that adds the listener again meanwhile finds this entry, and stops it.
    const replaced = this.remove(key);
    this.#entries.set(key, entry);
    try {
      await Promise.all([replaced, ...[...this.#sources].map(([alias, source]) => this.#follow(alias, source, entry))]);
    } catch (error) {
      if (this.#entries.get(key) === entry) await this.remove(key);
      throw error;
    }
  }

  async remove(key: Key): Promise<void> {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    await Promise.all([...(entry?.followers.values() ?? [])].map((follower) => follower.stop()));
  }

  /** Ends all listeners. It does not wait for Redis, which may not reply. */
  close(): void {
    for (const key of [...this.#entries.keys()]) void this.remove(key);
  }

  async #follow(alias: string, source: EventSource, entry: Entry): Promise<void> {
    const { types, jobStore, deliver, followers, positions } = entry;
    if (types.length === 0 || (jobStore !== undefined && jobStore !== alias)) return;
    const since = positions.get(alias) ?? entry.since;
    const follower = new LogFollower({ jobStore: alias, source, types, since, deliver, report: this.#report });
    followers.set(alias, follower);
    try {
      await follower.start();
    } catch (error) {
      if (followers.get(alias) === follower) followers.delete(alias);
      throw error;
    }
  }
}

function positionOf(since: unknown): EventPosition {
  if (since instanceof Date && !Number.isNaN(since.getTime())) return { before: Math.max(0, since.getTime()) };
  if (typeof since === 'string' && /^\d{1,15}-\d{1,15}(?:\.\d{1,3})?$/.test(since)) return { id: since };
  throw new InvalidOptionsError(`since: ${shown(since)} is neither a valid Date nor the eventId of an event`);
}
