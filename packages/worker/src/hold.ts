import type { HeldRun } from '@carillon/core/internal';
import { LazyAbort } from './lazy-abort.js';

export interface HoldParts extends HeldRun {
  readonly executor: string;
  /** The delivery under which it was started. */
  readonly deliveryId: string;
  /** When its start was requested, by the worker's clock, ms: its first lease begins at that instant or later. */
  readonly askedAt: number;
}

/** A run that this worker has started and holds: its token, and the signals that end it. */
export class Hold implements HoldParts {
  readonly runId: string;
  readonly token: string;
  readonly executor: string;
  readonly deliveryId: string;
  readonly askedAt: number;
  /** Whether its task is running; else it is being settled, and may be settled already. */
  executing = true;
  readonly abort = new LazyAbort();
  /** Aborted by a cancellation alone, which also counts if the run was aborted before. */
  readonly cancelled = new LazyAbort();
  #isReleased = false;
  /** The callback that waits for the run to be released. */
  #onRelease: (() => void) | undefined;
  #isGone = false;
  #onGone: (() => void)[] | undefined;

  constructor({ runId, token, executor, deliveryId, askedAt }: HoldParts) {
    this.runId = runId;
    this.token = token;
    this.executor = executor;
    this.deliveryId = deliveryId;
    this.askedAt = askedAt;
  }

  /** Takes the run from the worker: the outcome of its task no longer counts. */
  release(): void {
    this.#isReleased = true;
    this.#onRelease?.();
  }

  /** Waits for a callback, one at a time; undefined if the run was released first. */
  unlessReleased<T>(begin: (end: (value: T | undefined) => void, fail: (error: unknown) => void) => void) {
    return new Promise<T | undefined>((resolve, reject) => {
      this.onRelease(() => resolve(undefined));
      begin(resolve, reject);
    });
  }

  /** Calls back once the run is released, at once if it was already. It replaces the callback before. */
  onRelease(callback: () => void): void {
    this.#onRelease = callback;
    if (this.#isReleased) callback();
  }

  /** Resolves when the worker no longer holds it: its task has ended, or the run was released. */
  get gone(): Promise<void> {
    if (this.#isGone) return Promise.resolve();
    this.#onGone ??= [];
    const waiting = this.#onGone;
    return new Promise((resolve) => waiting.push(resolve));
  }

  go(): void {
    this.#isGone = true;
    for (const resolve of this.#onGone ?? []) resolve();
  }
}
