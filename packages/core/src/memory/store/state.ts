import { members } from '../../event/draft.js';
import type { Formats, StoreFormat } from '../../format.js';
import { TOMBSTONE_LIFE_MS } from '../../job/tombstone.js';
import { PassingMap } from '../../passing-map.js';
import type { StoredSilence } from '../../ports/alert-records.js';
import { type Clock, upkeepOf } from '../../ports/clock.js';
import type { Showing } from '../../ports/contenders.js';
import type { EventDraft } from '../../ports/event-draft.js';
import type { CancelOutcome, RetryOutcome, SubmitOutcome } from '../../ports/job-records.js';
import type { SettleOutcome } from '../../ports/ledger.js';
import { Channels } from '../event-bus.js';
import { EventLog } from '../event-log.js';
import { ExpiringMap } from '../expiring-map.js';
import { FailureLog } from '../failure-log.js';
import { LastOutcomes } from '../last-outcomes.js';
import { type EventText, Message } from '../message.js';
import { PublishedTypes } from '../published-types.js';
import { SortedSet } from '../sorted-set.js';
import { Windows } from '../windows.js';
import { Accounts } from './accounts.js';
import { Histories } from './histories.js';
import { accountLimitsOf, append, MOST_OF_STORE } from './lib/bounded.js';
import type { RunRecord } from './lib/record.js';

/** A job's record, or what is left of a damaged one. */
export type JobRecord = ReadableRecord | DamagedRecord;

/** `newer`: a newer release wrote it. */
interface DamagedRecord {
  readonly damaged: true;
  readonly order: number;
  readonly newer?: true;
}

interface ReadableRecord {
  readonly damaged: false;
  /** A number that grows from record to record, at which a page can begin. */
  readonly order: number;
  readonly rev: number;
  readonly generation: number;
  readonly digest: string;
  readonly json: string;
}

/** What a coordinator showed last, and until when it counts as alive. */
export interface Contending extends Omit<Showing, 'aliveMs' | 'born' | 'account' | 'emptied'> {
  readonly aliveUntil: number;
}

const OP_LIFE_MS = 60_000;
const ABSENT_LIFE_MS = 3_600_000;
const ASKER_LIFE_MS = 86_400_000;

/** The data of one job store, and its clock. The functions in this folder do the same as the Lua scripts of their names. */
export class StoreState {
  readonly alias: string;
  readonly jobs = new Map<string, JobRecord>();
  readonly schedule = new SortedSet();
  readonly cursor = new Map<string, number>();
  /** Until when clients keep jobs from firing, ms. */
  readonly held = new Map<string, number>();
  readonly last = new LastOutcomes();
  /** Jobs that ask for metrics of their own, by the time at which they first asked. */
  readonly metered = new SortedSet();
  /** Count of live runs by job, without the waiting ones. */
  readonly instances = new PassingMap<string, number>();
  /** For jobs whose overlap is not `skip`: their live runs, by the time of their admission. */
  readonly live = new Map<string, SortedSet>();
  /** By job, the run that waits for an instance. */
  readonly waiting = new Map<string, string>();
  readonly runs = new PassingMap<string, RunRecord>();
  readonly progress = new Map<string, string>();
  readonly leases = new SortedSet();
  readonly outbox = new SortedSet();
  readonly histories = new Histories();
  readonly accounts = new Accounts();
  readonly quarantine = new Map<string, string>();
  /** The records of the process that watches the store for alerts. */
  readonly alerts = {
    watcher: null as { readonly id: string; readonly until: number } | null,
    fields: new Map<string, string>(),
    silences: new Map<string, StoredSilence>(),
  };
  readonly coordinators = new Map<string, Contending>();
  /** The formats that members read, and until when each counts as alive. */
  readonly readers = new Map<string, Formats & { readonly aliveUntil: number }>();
  readonly workers = new SortedSet();
  readonly workersInfo = new Map<string, string>();
  /** The last time at which a worker joined. */
  joinedAt = Number.NEGATIVE_INFINITY;
  /** By executor and task: since when no worker has had the task there, and when a look last found that. */
  readonly absent = new ExpiringMap<{ readonly since: number; readonly seen: number }>(ABSENT_LIFE_MS);
  /** Trigger digests of jobs that have finished. */
  readonly tombstones = new ExpiringMap<string>(TOMBSTONE_LIFE_MS);
  /** Results of calls, for calls that are repeated. */
  readonly puts = new ExpiringMap<readonly number[]>(OP_LIFE_MS);
  readonly submits = new ExpiringMap<SubmitOutcome>(OP_LIFE_MS);
  /** For runs that are to be cancelled: the members of the event that reports their end. */
  readonly askers = new ExpiringMap<string>(ASKER_LIFE_MS);
  readonly cancels = new ExpiringMap<readonly CancelOutcome[]>(OP_LIFE_MS);
  readonly announced = new ExpiringMap<'done'>(OP_LIFE_MS);
  readonly settles = new ExpiringMap<readonly SettleOutcome[]>(OP_LIFE_MS);
  /** By key, the run that opened its window. */
  readonly windows = new Windows();
  readonly channels = new Channels();
  readonly log = new EventLog();
  /** Failures, which are kept longer than the log. */
  readonly failures = new FailureLog();
  /** By failed run, the run that ran it again. */
  readonly retried = new Windows();
  readonly retries = new ExpiringMap<readonly RetryOutcome[]>(OP_LIFE_MS);
  lock: { readonly value: string; readonly expiresAt: number } | null = null;
  epoch: number | null = null;
  /** The term that has not ended regularly, and when its leader last showed that it lived. */
  led: { readonly epoch: number; readonly at: number } | null = null;
  /** The format; null if nothing was written yet. */
  format: StoreFormat | null = null;
  /** Marks the birth of this store. */
  born: string | null = null;
  paused = false;
  rev = 0;
  readonly #clock: Clock;
  readonly #published = new PublishedTypes();
  #order = 0;

  constructor(alias: string, clock: Clock) {
    this.alias = alias;
    this.#clock = clock;
  }

  now(): number {
    return Math.floor(this.#clock.now());
  }

  /** The time for leases and signs of life. */
  upkeepNow(): number {
    return Math.floor(upkeepOf(this.#clock).now());
  }

  /** How many events of each type were published. */
  get published(): readonly { readonly type: string; readonly count: number }[] {
    return this.#published.counts;
  }

  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  publish(now: number, { type, about }: EventDraft): Message {
    return this.publishText(now, { type, body: members(about) });
  }

  /** Publishes an event. Returns the message as it was published. */
  publishText(now: number, event: EventText): Message {
    const { type } = event;
    const published = this.#published.next(type);
    const message = new Message(event, published.count, now);
    const { channel } = published;
    if (this.channels.hears(channel)) this.channels.publish(channel, message.text);
    this.log.append(now, message);
    if (published.isStoreWide && (this.format?.format ?? 0) >= 3) {
      const { ageMs } = accountLimitsOf(this.accounts, '');
      this.accounts.store = append(this.accounts.store, [message.text], { entries: MOST_OF_STORE, ageMs }, now);
    }
    return message;
  }

  wake(what: number | 'leader' | `heir ${string}`): void {
    this.channels.publish('wakeup', String(what));
  }
}
