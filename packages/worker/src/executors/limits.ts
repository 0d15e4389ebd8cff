import { setMaxListeners } from 'node:events';
import { RunCancelledError, RunTimeoutError } from '@carillon/core';
import { type Clock, within } from '@carillon/core/internal';
import { type Outcome, thrown } from './outcome.js';

/** How long a task that was told to stop may take to do so. */
export const ABORT_GRACE_MS = 1_000;
/** So long after it was told to stop, a task has ended, or been killed where that can be done. */
export const STOPPED_MS = ABORT_GRACE_MS + 500;

/** A task at work. */
export interface Started {
  /** Never rejects. */
  readonly ended: Promise<Outcome>;
  /** Ends it, whatever it does. Left out: that cannot be done. */
  readonly kill?: () => Promise<void>;
}

export interface Limited {
  /** Of the run: for whatever reason it is told to stop first. */
  readonly signal: AbortSignal;
  /** Aborted when the run is cancelled, also where it was told to stop before. Left out: it cannot be. */
  readonly cancelled?: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  /** @param begin says that the task is now called: its time counts from then. */
  readonly start: (signal: AbortSignal, begin: () => void) => Started;
}

/**
 * Stops tasks whose time is up, and those that are told to stop: first by their signal, then, where that can be done, by force.
 * What an execution came to is decided here, so that it is the same however a task takes it.
 */
export class Limits {
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<Outcome>>();
  /** What stops each of them. */
  readonly #aborts = new Set<AbortController>();

  constructor(clock: Clock) {
    this.#clock = clock;
    // Each execution that is being stopped listens to it: many at once are no leak.
    setMaxListeners(0, this.#closing.signal);
  }

  run(limited: Limited): Promise<Outcome> {
    const running = this.#run(limited);
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  /** Stops all that runs; from now on nothing is started. */
  async close(): Promise<void> {
    const reason = new Error('the executor is closing: this run will run again elsewhere');
    this.#closing.abort(reason);
    for (const abort of this.#aborts) abort.abort(reason);
    await Promise.all(this.#running);
  }

  async #run({ signal, cancelled, timeoutMs, start }: Limited): Promise<Outcome> {
    const abort = new AbortController();
    const time = timeoutMs === undefined ? undefined : new AbortController();
    const verdicts = [cancelled, time?.signal].filter((one) => one !== undefined);
    const unfollow = follow([...verdicts, signal], abort);
    // To listen to one signal that all have in common takes longer the more there are.
    this.#aborts.add(abort);
    if (this.#closing.signal.aborted) abort.abort(this.#closing.signal.reason);
    let cancelTimer = () => {};
    let isOver = false;
    const begin = () => {
      if (timeoutMs === undefined || isOver) return;
      cancelTimer = this.#clock.after(timeoutMs, () => time?.abort(timedOut(timeoutMs)));
    };
    const told = aborted(abort.signal);
    try {
      if (abort.signal.aborted) return verdict(abort.signal.reason);
      const started = start(abort.signal, begin);
      const ended = await Promise.race([started.ended, told]);
      return ended ?? (await this.#stop(started, abort.signal, verdicts));
    } finally {
      isOver = true;
      cancelTimer();
      unfollow();
      this.#aborts.delete(abort);
    }
  }

  /** Waits a while for a task that was told to stop, then stops waiting, or the task. */
  async #stop({ ended, kill }: Started, { reason }: AbortSignal, verdicts: readonly AbortSignal[]): Promise<Outcome> {
    let late: Outcome | undefined;
    const ending = ended.then((outcome) => {
      late = outcome;
    });
    await within(this.#clock, ABORT_GRACE_MS, ending);
    const decisive = () => decisiveOf(reason, verdicts);
    if (late) return verdict(decisive(), late);
    if (kill) await within(this.#clock, ABORT_GRACE_MS, kill());
    // There is nothing to tell of this run, and its code still runs: as long as it is held here, it does not start here again.
    else if (!isVerdict(reason)) await this.#untilVerdict(ending, verdicts);
    return verdict(decisive(), late);
  }

  /** Resolves when the task ends, a verdict comes, or everything closes. */
  async #untilVerdict(ending: Promise<void>, verdicts: readonly AbortSignal[]): Promise<void> {
    const abort = new AbortController();
    const unfollow = follow([...verdicts, this.#closing.signal], abort);
    await Promise.race([ending, aborted(abort.signal)]);
    unfollow();
  }
}

function timedOut(timeoutMs: number): RunTimeoutError {
  return new RunTimeoutError(`the execution took longer than its timeout of ${timeoutMs} ms: it was told to stop`);
}

/** Whether an abort says by itself what the execution came to. */
function isVerdict(reason: unknown): boolean {
  return reason instanceof RunTimeoutError || reason instanceof RunCancelledError;
}

/** Why an execution was stopped: the first reason that says what it came to, if there is one. */
function decisiveOf(reason: unknown, verdicts: readonly AbortSignal[]): unknown {
  return isVerdict(reason) ? reason : (verdicts.find(({ aborted }) => aborted)?.reason ?? reason);
}

/** What an execution came to that was told to stop. */
function verdict(reason: unknown, ended?: Outcome): Outcome {
  if (reason instanceof RunTimeoutError) return thrown(reason);
  if (reason instanceof RunCancelledError) return { outcome: 'cancelled' };
  // What was thrown because of the abort is no outcome of the run: it will run again.
  return ended?.outcome === 'executed' ? ended : { outcome: 'aborted' };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** Aborts with the first of the signals, until it is told not to: they may live much longer. */
function follow(signals: readonly AbortSignal[], abort: AbortController): () => void {
  const follows = signals.map((signal) => {
    const pass = () => abort.abort(signal.reason);
    if (signal.aborted) pass();
    signal.addEventListener('abort', pass, { once: true });
    return () => signal.removeEventListener('abort', pass);
  });
  return () => {
    for (const unfollow of follows) unfollow();
  };
}
