import type { HeldRun } from '@carillon/core/internal';
import { LazyAbort } from './lazy-abort.js';

export interface HoldParts extends HeldRun {
  readonly executor: string;
  /** The delivery under which it was started. */
  readonly deliveryId: string;
  /** When it was asked for, by the worker's clock, ms: its first lease lasts from then at least. */
  readonly askedAt: number;
}

/** This worker's hold of a run that it has started: its token, and the signals that end it. */
export class Hold implements HoldParts {
  readonly runId: string;
  readonly token: string;
  readonly executor: string;
  readonly deliveryId: string;
  readonly askedAt: number;
  /** Whether its task is at work; else it is being settled, and may already be in the store. */
  executing = true;
  readonly abort = new LazyAbort();
  /** Of its cancellation alone, which also counts where it was aborted before. */
  readonly cancelled = new LazyAbort();
  #isReleased = false;
  /** What waits for the run at the moment. */
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

  /** Takes the run from the worker: what its task still does counts for nothing. */
  release(): void {
    this.#isReleased = true;
    this.#onRelease?.();
  }

  /** Waits for what calls back, one thing at a time; undefined if the run was released first. */
  unlessReleased<T>(begin: (end: (value: T | undefined) => void, fail: (error: unknown) => void) => void) {
    return new Promise<T | undefined>((resolve, reject) => {
      this.onRelease(() => resolve(undefined));
      begin(resolve, reject);
    });
  }

  /** Calls back once the run is released, at once where it was; in place of what waited for that before. */
  onRelease(callback: () => void): void {
    this.#onRelease = callback;
    if (this.#isReleased) callback();
  }

  /** Resolves when the worker holds it no more: its task is over, or was released. */
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
