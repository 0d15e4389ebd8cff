import { setImmediate } from 'node:timers';
import { type Duration, toMilliseconds } from '../duration.js';
import type { Clock } from '../ports/clock.js';
import { RealWork } from './real-work.js';
import { type Timer, Timers } from './timers.js';

/** Decides whether the time of upkeep goes on with the clock; see `Clock.upkeep`. */
export interface UpkeepWatch {
  isNeeded(): boolean;
  /** Called when the clock was set. */
  disturb(): void;
}

export interface VirtualClockOptions {
  /**
   * How much real time the clock gives each execution for real I/O before virtual time passes anyway; default: `'3s'`. For tasks with slow I/O,
   * raise it, and the time limit of the test.
   */
  readonly patience?: Duration | undefined;
}

const START = new Date('2026-01-01T00:00:00Z');

/**
 * A clock that stands still until `advance` is called. It jumps from one timer to the next, so an idle day costs nothing. Timers run in the order
 * of their instants. Timers of one instant run in the order in which they were set. Before time passes, the clock waits until everything is at
 * rest: all work that needs neither time nor I/O, and tasks that do real I/O, for at most `patience`.
 */
export class VirtualClock implements Clock {
  /** The time of upkeep. It stands still while no cluster on this clock needs upkeep. */
  readonly upkeep: Clock = {
    now: () => this.#now - this.#behindMs,
    after: (ms, callback) => this.#upkeepTimers.add(this.upkeep.now() + wholeMs(ms), callback),
  };
  readonly #timers = new Timers();
  readonly #upkeepTimers = new Timers();
  readonly #watches: UpkeepWatch[] = [];
  readonly #work: RealWork;
  #now: number;
  /** How far the time of upkeep is behind, ms. */
  #behindMs = 0;

  /** @throws InvalidOptionsError if `patience` is not a duration */
  constructor(start: Date = START, { patience = '3s' }: VirtualClockOptions = {}) {
    this.#now = start.getTime();
    this.#work = new RealWork(toMilliseconds(patience, 'patience'));
  }

  now(): number {
    return this.#now;
  }

  /** The time as a date. */
  get date(): Date {
    return new Date(this.#now);
  }

  after(ms: number, callback: () => void): () => void {
    return this.#timers.add(this.#now + wholeMs(ms), callback);
  }

  /** Lets time pass. Resolves once everything that ran in this time is at rest. @throws InvalidOptionsError if this is not a duration. */
  async advance(duration: Duration): Promise<void> {
    const until = this.#now + toMilliseconds(duration, 'advance');
    while (await this.#step(until));
    this.#moveTo(until);
  }

  /**
   * Lets time pass, from timer to timer, until a promise settles. Then it settles in the same way.
   * @param limit how much time may pass; default: a day
   * @throws Error if the promise is still pending then, or if there is nothing left that could settle it
   */
  async advanceUntil<T>(promise: Promise<T>, limit: Duration = '1d'): Promise<T> {
    const until = this.#now + toMilliseconds(limit, 'limit');
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    do await rest();
    while (!isSettled && (await this.#step(until)));
    if (isSettled) return promise;
    throw new Error(
      this.#timers.first
        ? `the promise is still pending after ${limit}${typeof limit === 'number' ? ' ms' : ''} of virtual time: give a longer limit`
        : 'the promise is still pending, and no timer is left that could settle it',
    );
  }

  /** Sets the time in one jump, as after a machine was asleep: nothing happens in between. Overdue timers run at the new time. */
  async set(time: Date): Promise<void> {
    this.#now = time.getTime();
    for (const watch of this.#watches) watch.disturb();
    await this.advance(0);
  }

  /**
   * Makes time stand still until a promise settles, for at most `patience`. It is for real I/O that the clock does not see by itself: I/O that
   * belongs to no task, or is done in another thread or process. Returns the promise.
   */
  waitFor<T>(promise: Promise<T>): Promise<T> {
    return this.#work.waitFor(promise);
  }

  /** Makes a call that may do real I/O. The clock waits for it; see `Clock.track`. */
  track<T>(call: () => Promise<T>, isElsewhere = false): Promise<T> {
    return isElsewhere ? this.#work.waitFor(call()) : this.#work.track(call);
  }

  /** Adds a watch that says when a cluster on this clock needs upkeep. */
  watchUpkeep(watch: UpkeepWatch): void {
    this.#watches.push(watch);
  }

  /** Waits for rest, then runs the next timer, if it is due by `until`. Returns whether it ran one. */
  async #step(until: number): Promise<boolean> {
    await rest();
    let next = this.#next(until);
    while (this.#work.isBusy && !(next && next.at <= this.#now)) {
      await this.#work.rest();
      next = this.#next(until);
    }
    if (!next) return false;
    this.#moveTo(next.at);
    next.run();
    return true;
  }

  #next(until: number): { readonly at: number; readonly run: () => void } | undefined {
    const timer = this.#timers.first;
    const upkeep = this.#upkeepTimers.first;
    const upkeepAt = upkeep ? upkeep.at + this.#behindMs : Number.POSITIVE_INFINITY;
    const isUpkeepFirst = upkeep && isBefore({ ...upkeep, at: upkeepAt }, timer);
    if (isUpkeepFirst && upkeepAt <= until && (upkeepAt <= this.#now || this.#needsUpkeep())) {
      return { at: upkeepAt, run: () => run(upkeep, this.#upkeepTimers) };
    }
    return timer && timer.at <= until ? { at: timer.at, run: () => run(timer, this.#timers) } : undefined;
  }

  #needsUpkeep(): boolean {
    return this.#watches.length === 0 || this.#watches.some((watch) => watch.isNeeded());
  }

  #moveTo(instant: number): void {
    if (instant <= this.#now) return;
    if (!this.#needsUpkeep()) this.#behindMs += instant - this.#now;
    this.#now = instant;
  }
}

function wholeMs(ms: number): number {
  return Math.ceil(Math.max(ms, 0));
}

function isBefore(one: Timer, other: Timer | undefined): boolean {
  return !other || one.at < other.at || (one.at === other.at && one.number < other.number);
}

function run(timer: Timer, timers: Timers): void {
  timers.remove(timer);
  timer.callback();
}

/** Resolves once every promise has gone on as far as it can by itself. */
function rest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
