import { RunCancelledError, RunTimeoutError } from '@carillon/core';
import { type Clock, durationInUnit, within } from '@carillon/core/internal';
import { LazyAbort, type StopSignal } from '../lazy-abort.js';
import { calledThen, type MaybePromise } from '../maybe-promise.js';
import { type Outcome, thrown } from './outcome.js';

/** How long a task may take to stop after its signal is aborted. */
export const ABORT_GRACE_MS = 1_000;
/** How long a task may continue after its signal is aborted, before it is killed, if it can be. */
export const STOPPED_MS = ABORT_GRACE_MS + 500;

/** A task at work. */
export interface Started {
  /** Never rejects. It is not a promise if the task has ended at once. */
  readonly ended: MaybePromise<Outcome>;
  /** Kills the task; left out if it cannot be killed. */
  readonly kill?: () => Promise<void>;
}

interface Stoppable extends Started {
  readonly ended: Promise<Outcome>;
}

export interface Limited {
  /** The signal of the run, with the first reason to stop. */
  readonly signal: StopSignal;
  /** Aborted when the run is cancelled, also if its signal was aborted before; left out if it cannot be cancelled. */
  readonly cancelled?: StopSignal | undefined;
  readonly timeoutMs: number | undefined;
  /** @param begin says that the task is now called: its time counts from then. */
  readonly start: (stop: LazyAbort, begin: () => void) => Started;
}

/** A task that has not ended at once. */
interface Watched {
  readonly started: Started;
  readonly ended: Promise<Outcome>;
  readonly signal: StopSignal;
  readonly stop: LazyAbort;
  readonly verdicts: readonly StopSignal[];
}

/**
 * Stops tasks that exceed their timeout, and tasks that should stop for another reason: first by their signal, then by force if that is
 * possible. The outcome of a stopped execution is decided here, so that it does not depend on how the task reacts.
 */
export class Limits {
  readonly #clock: Clock;
  readonly #closing = new LazyAbort();
  /** The running tasks, each by its signal. */
  readonly #running = new Map<LazyAbort, Promise<Outcome>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  run(limited: Limited): MaybePromise<Outcome> {
    const { timeoutMs } = limited;
    return timeoutMs === undefined ? this.#run(limited, undefined, NOTHING) : this.#runInTime(limited, timeoutMs);
  }

  #runInTime(limited: Limited, timeoutMs: number): MaybePromise<Outcome> {
    const time = new LazyAbort();
    let cancelTimer = NOTHING;
    let isOver = false;
    const begin = () => {
      if (!isOver) cancelTimer = this.#clock.after(timeoutMs, () => time.abort(timedOut(timeoutMs)));
    };
    const end = () => {
      isOver = true;
      cancelTimer();
    };
    return calledThen(() => this.#run(limited, time, begin), end);
  }

  /** @param time aborted once its time is up; undefined if it has no limit of time. */
  #run(limited: Limited, time: StopSignal | undefined, begin: () => void): MaybePromise<Outcome> {
    const { signal, start } = limited;
    if (this.#isAborted(limited, time)) return verdict(this.#reason(limited, time));
    const stop = new LazyAbort();
    const started = start(stop, begin);
    const { ended } = started;
    if (ended instanceof Promise) {
      return this.#watch({ started, ended, signal, stop, verdicts: verdictsOf(limited, time) });
    }
    if (!this.#isAborted(limited, time)) return ended;
    return verdict(decisiveOf(this.#reason(limited, time), verdictsOf(limited, time)), ended);
  }

  /** It is called twice for each run, and nearly always returns false. */
  #isAborted({ signal, cancelled }: Limited, time: StopSignal | undefined): boolean {
    return cancelled?.aborted || time?.aborted || signal.aborted || this.#closing.aborted;
  }

  #reason(limited: Limited, time: StopSignal | undefined): unknown {
    return [...verdictsOf(limited, time), limited.signal, this.#closing].find(({ aborted }) => aborted)?.reason;
  }

  /** Stops all running tasks, and starts no more. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the executor is closing: this run will run again elsewhere'));
    for (const stop of this.#running.keys()) stop.abort(this.#closing.reason);
    await Promise.all(this.#running.values());
  }

  #watch(watched: Watched): Promise<Outcome> {
    const { stop } = watched;
    const running = this.#untilEnded(watched);
    this.#running.set(stop, running);
    return running;
  }

  async #untilEnded({ started, ended, signal, stop, verdicts }: Watched): Promise<Outcome> {
    const unfollow = [...verdicts, signal].map((one) => stop.follow(one));
    try {
      return (await unlessAborted(ended, stop)) ?? (await this.#stop({ ...started, ended }, stop, verdicts));
    } finally {
      for (const end of unfollow) end();
      this.#running.delete(stop);
    }
  }

  /** Waits some time for a task to stop; after that it kills the task, or stops waiting for it. */
  async #stop({ ended, kill }: Stoppable, { reason }: StopSignal, verdicts: readonly StopSignal[]): Promise<Outcome> {
    let late: Outcome | undefined;
    const ending = ended.then((outcome) => {
      late = outcome;
    });
    await within(this.#clock, ABORT_GRACE_MS, ending);
    const decisive = () => decisiveOf(reason, verdicts);
    if (late) return verdict(decisive(), late);
    if (kill) await within(this.#clock, ABORT_GRACE_MS, kill());
    // There is nothing to report of this run, and its code still runs: as long as it is held here, it does not start here again.
    else if (!isVerdict(reason)) await this.#untilVerdict(ending, verdicts);
    return verdict(decisive(), late);
  }

  /** Resolves when the task ends, a verdict comes, or everything closes. */
  async #untilVerdict(ending: Promise<void>, verdicts: readonly StopSignal[]): Promise<void> {
    const abort = new LazyAbort();
    const unfollow = [...verdicts, this.#closing].map((one) => abort.follow(one));
    await unlessAborted(ending, abort);
    for (const end of unfollow) end();
  }
}

const NOTHING = () => {};

/** The signals that alone decide the outcome of an execution once they are aborted. */
function verdictsOf({ cancelled }: Limited, time: StopSignal | undefined): readonly StopSignal[] {
  return [cancelled, time].filter((one) => one !== undefined);
}

function timedOut(timeoutMs: number): RunTimeoutError {
  return new RunTimeoutError(
    `the execution took longer than its timeout of ${durationInUnit(timeoutMs)}: it was asked to stop`,
  );
}

/** Whether the reason of an abort alone decides the outcome of the execution. */
function isVerdict(reason: unknown): boolean {
  return reason instanceof RunTimeoutError || reason instanceof RunCancelledError;
}

/** Why an execution was stopped: the first reason that decides its outcome, if there is one. */
function decisiveOf(reason: unknown, verdicts: readonly StopSignal[]): unknown {
  return isVerdict(reason) ? reason : (verdicts.find(({ aborted }) => aborted)?.reason ?? reason);
}

/** The outcome of an execution whose signal was aborted. */
function verdict(reason: unknown, ended?: Outcome): Outcome {
  if (reason instanceof RunTimeoutError) return thrown(reason);
  if (reason instanceof RunCancelledError) return { outcome: 'cancelled' };
  // What was thrown because of the abort is not an outcome of the run: it will run again.
  return ended?.outcome === 'executed' ? ended : { outcome: 'aborted' };
}

/** Resolves with undefined where the other one is aborted first. */
function unlessAborted<T>(ended: Promise<T>, stop: StopSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    if (stop.aborted) resolve(undefined);
    stop.onAbort(() => resolve(undefined));
    ended.then(resolve, reject);
  });
}
