import { RunCancelledError } from '@carillon/core';
import { PassingMap } from '@carillon/core/internal';
import { Hold, type HoldParts } from './hold.js';

/** The runs that a worker holds in one job store. */
export class HeldRuns {
  readonly #runs = new PassingMap<string, Hold>();
  /** The number of held runs, by executor. */
  readonly #counts = new Map<string, number>();
  #onEmpty: { readonly executor: string; readonly resolve: () => void }[] = [];

  get all(): readonly Hold[] {
    return [...this.#runs.values()];
  }

  of(executor: string): readonly Hold[] {
    return this.all.filter((run) => run.executor === executor);
  }

  get(runId: string): Hold | undefined {
    return this.#runs.get(runId);
  }

  take(started: HoldParts): Hold {
    const run = new Hold(started);
    // What is there still, under another start, counts until it is released.
    this.#runs.set(run.runId, run);
    this.#count(run.executor, 1);
    return run;
  }

  /** Aborts a run that is being cancelled, if it is held here. */
  cancel(runId: string): void {
    const run = this.#runs.get(runId);
    const reason = new RunCancelledError(`run ${runId} was cancelled`);
    run?.cancelled.abort(reason);
    run?.abort.abort(reason);
  }

  release(run: Hold): void {
    run.go();
    if (this.#runs.get(run.runId) === run) this.#runs.delete(run.runId);
    if (this.#count(run.executor, -1) > 0 || this.#onEmpty.length === 0) return;
    const waiting = this.#onEmpty.filter(({ executor }) => executor === run.executor);
    this.#onEmpty = this.#onEmpty.filter(({ executor }) => executor !== run.executor);
    for (const { resolve } of waiting) resolve();
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
