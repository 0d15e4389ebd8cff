import type { Clock } from '../ports/clock.js';
import { isClosedHere, phraseOf } from './connection-fault.js';
import { AFTERMATH_MS, judge, NO_OUTAGE, type OutageFact, type OutageLine, type OutageRecord } from './lines.js';

/** One connection to a Redis. Its owner reports what happens to it. */
export interface Connection {
  /** The Redis, as users name it, without its password. */
  readonly redis: string;
  /** Resolves once the server has said anything, or the connection is lost; left out where it may be silent for long. */
  readonly answered?: (() => Promise<void>) | undefined;
}

/** What happens to a connection. `pending`: it is being made, or was lost and is made again. */
export type ConnectionChange = 'pending' | 'up' | 'ended' | { readonly error: unknown };

/** After how long a connection that is not made counts as down, ms: there may never be an error, as while Redis loads its data. */
const PENDING_MS = 3_000;

type State =
  /** `asked`: for a sign of life. */
  | { readonly kind: 'up' | 'asked' }
  | { readonly kind: 'pending'; readonly since: number }
  | { readonly kind: 'down'; readonly cause: string };

/** What is known of one Redis: the states of the connections to it, and the outage, if there is one. */
export class RedisHealth {
  readonly #say: (line: OutageLine) => void;
  readonly #clock: Clock;
  readonly #connections = new Map<Connection, State>();
  #record: OutageRecord = NO_OUTAGE;
  #cancel: () => void = () => {};

  constructor(say: (line: OutageLine) => void, clock: Clock) {
    this.#say = say;
    this.#clock = clock;
  }

  get isOutage(): boolean {
    return this.#record.outage !== null;
  }

  get isEmpty(): boolean {
    return this.#connections.size === 0;
  }

  changed(connection: Connection, change: ConnectionChange): void {
    const known = this.#connections.get(connection)?.kind;
    if (change === 'ended') this.#connections.delete(connection);
    else if (change === 'up') this.#set(connection, { kind: 'up' });
    else if (change !== 'pending') this.#set(connection, { kind: 'down', cause: phraseOf(change.error) });
    // One that is tried again and again stays down.
    else if (known !== 'down' && known !== 'pending') {
      this.#set(connection, { kind: 'pending', since: this.#clock.now() });
    }
    this.#look();
  }

  /** A call failed. Where no connection is down, each that stands is asked for a sign of life. Returns whether that explains it. */
  failed(error: unknown): boolean {
    const at = this.#clock.now();
    if (!this.isOutage && isClosedHere(error)) return at - this.#record.backAt < AFTERMATH_MS;
    const cause = phraseOf(error);
    const { kind } = this.#fact(at);
    if (kind !== 'down') this.#judge({ kind: 'failed', at, cause });
    if (this.isOutage) for (const [connection, state] of this.#connections) this.#ask(connection, state);
    this.#look();
    return true;
  }

  #ask(connection: Connection, { kind }: State): void {
    if (kind !== 'up' || !connection.answered) return;
    const asked: State = { kind: 'asked' };
    this.#set(connection, asked);
    void connection.answered().then(() => {
      // Where it was lost meanwhile, it says so itself.
      if (this.#connections.get(connection) === asked) this.changed(connection, 'up');
    });
  }

  /** The last one is that of which the cause is named. */
  #set(connection: Connection, state: State): void {
    this.#connections.delete(connection);
    this.#connections.set(connection, state);
  }

  #look(): void {
    this.#cancel();
    if (this.isEmpty) {
      // The watch has ended.
      this.#record = NO_OUTAGE;
      return;
    }
    const now = this.#clock.now();
    const againAt = Math.min(this.#judge(this.#fact(now)), this.#pendingUntil(now));
    if (againAt < Number.POSITIVE_INFINITY) {
      this.#cancel = this.#clock.after(Math.max(1, againAt - now), () => this.#look());
    }
  }

  /** Returns when to judge again. */
  #judge(fact: OutageFact): number {
    const { record, line, judgeAgainAt = Number.POSITIVE_INFINITY } = judge(this.#record, fact);
    this.#record = record;
    if (line) this.#say(line);
    return judgeAgainAt;
  }

  #fact(at: number): OutageFact {
    const states = [...this.#connections.values()].reverse();
    for (const state of states) if (state.kind === 'down') return { kind: 'down', at, cause: state.cause };
    const isOverdue = this.#pendingSince <= at - PENDING_MS;
    if (isOverdue) return { kind: 'down', at, cause: `no connection was made within ${PENDING_MS / 1_000} s` };
    return { kind: states.every(({ kind }) => kind === 'up') ? 'up' : 'unsure', at };
  }

  /** When the oldest of what is pending began to be so. */
  get #pendingSince(): number {
    const since = [...this.#connections.values()].map((state) => (state.kind === 'pending' ? state.since : undefined));
    return Math.min(...since.filter((at) => at !== undefined));
  }

  #pendingUntil(now: number): number {
    const until = this.#pendingSince + PENDING_MS;
    return until > now ? until : Number.POSITIVE_INFINITY;
  }
}
