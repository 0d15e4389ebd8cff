import type { EventPage, EventPosition, LoggedEvent } from '../ports/job-records.js';
import type { Message } from './message.js';

const LARGE_BYTES = 16_384;
const VALUE = ',"value":';
/** An event with at most this number of other characters is never large, whatever its ids and names. */
const SHORT = 500;
/** The log drops this part of its entries at once (1 / `PART`): dropping a single entry moves all others. */
const PART = 100;

interface Entry {
  readonly ms: number;
  /** Counts the entries of one millisecond. */
  readonly count: number;
  readonly message: Pick<Message, 'text'>;
}

/** The last messages that a job store published. Each has an id that is greater than those before it. */
export class EventLog {
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  #last: Pick<Entry, 'ms' | 'count'> = { ms: 0, count: -1 };
  #isTrimmed = false;
  readonly #most: number;

  constructor(most = 20_000) {
    this.#most = most;
  }

  append(now: number, message: Message): void {
    const { ms, count } = this.#last;
    const kept = withoutLargeValue(message);
    const entry = now > ms ? { ms: now, count: 0, message: kept } : { ms, count: count + 1, message: kept };
    this.#last = entry;
    this.#entries.push(entry);
    const surplus = Math.ceil(this.#most / PART);
    if (this.#entries.length <= this.#most + surplus) return;
    this.#entries.splice(0, surplus);
    this.#isTrimmed = true;
  }

  read(after: EventPosition, limit: number): EventPage {
    const from = 'id' in after ? following(after.id) : { ms: after.before, count: 0 };
    const index = this.#entries.findIndex((entry) => compare(entry, from) >= 0);
    const found = index < 0 ? [] : this.#entries.slice(index, index + limit);
    const events = found.map(logged);
    return { events, gap: this.#isTrimmed && this.#isOlderThanAll(after) };
  }

  /** Returns events newest first, from before the event with this id. */
  newest(before: string | null, limit: number): readonly LoggedEvent[] {
    const older = before === null ? this.#entries : this.#entries.filter((one) => compare(one, parse(before)) < 0);
    const found = older.slice(-limit).reverse();
    return found.map(logged);
  }

  #isOlderThanAll(after: EventPosition): boolean {
    const [first] = this.#entries;
    if (!first) return false;
    return 'id' in after ? compare(parse(after.id), first) < 0 : after.before <= first.ms;
  }
}

type LogPosition = Pick<Entry, 'ms' | 'count'>;

const compare = (one: LogPosition, other: LogPosition) => one.ms - other.ms || one.count - other.count;

function parse(id: string): LogPosition {
  const [ms = 0, count = 0] = id.split('-').map(Number);
  return { ms, count };
}

function following(id: string): LogPosition {
  const { ms, count } = parse(id);
  return { ms, count: count + 1 };
}

function logged({ ms, count, message }: Entry): LoggedEvent {
  return { id: `${ms}-${count}`, message: message.text };
}

function withoutLargeValue(message: Message): Pick<Message, 'text'> {
  if (message.contentLength <= SHORT) return message;
  const { text } = message;
  if (Buffer.byteLength(text) <= LARGE_BYTES) return message;
  const at = text.indexOf(VALUE);
  return at < 0 ? message : { text: `${text.slice(0, at)},"value":null,"valueOmitted":true}` };
}
