import { Alarm } from '../alarm.js';
import type { CarillonEvent, EventType } from '../event/events.js';
import { parseEvent } from '../event/schema.js';
import type { Report } from '../log.js';
import type { Clock } from '../ports/clock.js';
import type { EventBus, Unsubscribe } from '../ports/event-bus.js';
import type { EventPosition, JobRecords } from '../ports/job-records.js';
import { endEach, subscribeToEach } from './subscriptions.js';

/** Where the events of one job store are read, and heard. */
export interface EventSource {
  readonly bus: EventBus;
  readonly records: Pick<JobRecords, 'events'>;
  readonly clock: Clock;
}

export interface LogFollowerParts {
  readonly jobStore: string;
  readonly source: EventSource;
  readonly types: readonly EventType[];
  readonly since: EventPosition;
  /** Never rejects. */
  readonly deliver: (event: CarillonEvent) => Promise<void>;
  readonly report: Report;
}

const EVENTS_PER_PAGE = 200;
/** How often the log is read, whatever is published: a published message can be lost on its way. */
const REREAD_MS = 1_000;

/**
 * Gives one listener the events of a job store from a position on, one after the other. All of them are read from the log, so that
 * none is left out or comes twice, also across a lost connection; what is published only says when to look.
 */
export class LogFollower {
  readonly #parts: LogFollowerParts;
  readonly #alarm: Alarm;
  #position: EventPosition;
  /** The position whose gap was reported. */
  #reportedGap: EventPosition | undefined;
  #subscriptions: readonly Unsubscribe[] = [];
  #isStopped = false;
  #isFinishing = false;
  #followed: Promise<void> | undefined;

  constructor(parts: LogFollowerParts) {
    this.#parts = parts;
    this.#position = parts.since;
    this.#alarm = new Alarm(parts.source.clock);
  }

  /** After which event it is: what it gives, and what is of no type it wants, is behind it. */
  get position(): EventPosition {
    return this.#position;
  }

  /** Resolves once it hears of events; rejects where it cannot. */
  async start(): Promise<void> {
    const { source, types } = this.#parts;
    const { ends, failed } = await subscribeToEach(source.bus, types, () => this.#alarm.ring());
    this.#subscriptions = ends;
    if (failed) {
      await this.stop();
      throw failed.reason;
    }
    if (this.#isStopped) await this.stop();
    else this.#followed = this.#follow();
  }

  /** Resolves once the listener got everything that is in the log. */
  async finish(): Promise<void> {
    this.#isFinishing = true;
    this.#alarm.ring();
    await this.#followed;
  }

  /** Gives no more events; the one that the listener is handling is not waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#alarm.ring();
    const subscriptions = this.#subscriptions;
    this.#subscriptions = [];
    await endEach(subscriptions);
  }

  async #follow(): Promise<void> {
    while (!this.#isStopped) {
      const wasFinishing = this.#isFinishing;
      const isLast = await this.#readPage();
      if (isLast && wasFinishing) return;
      if (isLast && !this.#isStopped) await this.#alarm.sleep(Number.POSITIVE_INFINITY, REREAD_MS);
    }
  }

  /** Returns whether there is nothing more for now. */
  async #readPage(): Promise<boolean> {
    const { source, jobStore, report } = this.#parts;
    try {
      const page = await source.records.events({ after: this.#position, limit: EVENTS_PER_PAGE });
      if (page.gap) this.#reportGap();
      for (const { id, message } of page.events) {
        if (this.#isStopped) return true;
        this.#position = { id };
        await this.#deliver(id, message);
      }
      return page.events.length < EVENTS_PER_PAGE;
    } catch (error) {
      if (!this.#isStopped) report({ kind: 'log_failed', jobStore, error });
      return true;
    }
  }

  async #deliver(eventId: string, message: string): Promise<void> {
    const { types, deliver, report } = this.#parts;
    const event = parseEvent(message);
    if (!event) report({ kind: 'message_unreadable', channel: 'log', message: message.slice(0, 200) });
    else if (types.includes(event.type)) await deliver({ ...event, eventId });
  }

  #reportGap(): void {
    const { jobStore, report } = this.#parts;
    if (this.#reportedGap === this.#position) return;
    this.#reportedGap = this.#position;
    const after = 'id' in this.#position ? this.#position.id : new Date(this.#position.before).toISOString();
    report({ kind: 'log_gap', jobStore, after });
  }
}
