import { RunCancelledError } from '@carillon/core';
import type { HeldRun } from '@carillon/core/internal';

/** A run that this worker has started and not yet let go of. */
export interface ActiveRun extends HeldRun {
  readonly executor: string;
  /** The delivery under which it was started. */
  readonly deliveryId: string;
  /** When it was asked for, by the worker's clock, ms: its first lease lasts from then at least. */
  readonly askedAt: number;
  /** Whether its task is at work; else it is being settled, and may already be in the store. */
  executing: boolean;
  readonly abort: AbortController;
  /** Of its cancellation alone, which also counts where it was aborted before. */
  readonly cancelled: AbortController;
  /** Resolves when the run is taken from the worker: what its task still does counts for nothing. */
  readonly released: Promise<void>;
  readonly release: () => void;
  /** Resolves when the worker has let go of it: its task is over, or was released. */
  readonly gone: Promise<void>;
  readonly go: () => void;
}

/** The runs that a worker holds in one job store. */
export class HeldRuns {
  readonly #runs = new Map<string, ActiveRun>();
  /** How many there are, by executor. */
  readonly #counts = new Map<string, number>();
  #onEmpty: { readonly executor: string; readonly resolve: () => void }[] = [];

  get all(): readonly ActiveRun[] {
    return [...this.#runs.values()];
  }

  of(executor: string): readonly ActiveRun[] {
    return this.all.filter((run) => run.executor === executor);
  }

  get(runId: string): ActiveRun | undefined {
    return this.#runs.get(runId);
  }

  take(started: Pick<ActiveRun, 'runId' | 'executor' | 'token' | 'deliveryId' | 'askedAt'>): ActiveRun {
    const [released, release] = signalled();
    const [gone, go] = signalled();
    const run = {
      ...started,
      executing: true,
      abort: new AbortController(),
      cancelled: new AbortController(),
      released,
      release,
      gone,
      go,
    };
    // What is there still, under another start, counts until it is let go of.
    this.#runs.set(run.runId, run);
    this.#count(run.executor, 1);
    return run;
  }

  /** Aborts a run that is to be cancelled, if it is held here. */
  cancel(runId: string): void {
    const run = this.#runs.get(runId);
    const reason = new RunCancelledError(`run ${runId} was cancelled`);
    run?.cancelled.abort(reason);
    run?.abort.abort(reason);
  }

  letGo(run: ActiveRun): void {
    run.go();
    if (this.#runs.get(run.runId) === run) this.#runs.delete(run.runId);
    if (this.#count(run.executor, -1) > 0) return;
    const told = this.#onEmpty.filter(({ executor }) => executor === run.executor);
    this.#onEmpty = this.#onEmpty.filter(({ executor }) => executor !== run.executor);
    for (const { resolve } of told) resolve();
  }

  #count(executor: string, more: number): number {
    const count = (this.#counts.get(executor) ?? 0) + more;
    this.#counts.set(executor, count);
    return count;
  }

  /** Resolves once no run of an executor is held. */
  empty(executor: string): Promise<void> {
    if (!this.#counts.get(executor)) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push({ executor, resolve }));
  }
}

/** A promise, and what resolves it. */
function signalled(): readonly [Promise<void>, () => void] {
  let signal = () => {};
  const promise = new Promise<void>((resolve) => {
    signal = resolve;
  });
  return [promise, signal];
}
