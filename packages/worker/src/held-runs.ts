import { RunCancelledError } from '@carillon/core';
import type { HeldRun } from '@carillon/core/internal';

/** A run that this worker has started and not yet let go of. */
export interface ActiveRun extends HeldRun {
  readonly executor: string;
  /** Whether its task is at work; else it is being settled, and may already be in the store. */
  executing: boolean;
  readonly abort: AbortController;
  /** Resolves when the run is taken from the worker: what its task still does counts for nothing. */
  readonly released: Promise<void>;
  readonly release: () => void;
}

/** The runs that a worker holds in one job store. */
export class HeldRuns {
  readonly #runs = new Map<string, ActiveRun>();
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

  take(runId: string, token: string, executor: string): ActiveRun {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const run = { runId, token, executor, executing: true, abort: new AbortController(), released, release };
    this.#runs.set(runId, run);
    return run;
  }

  /** Aborts a run that is to be cancelled, if it is held here. */
  cancel(runId: string): void {
    this.#runs.get(runId)?.abort.abort(new RunCancelledError(`run ${runId} was cancelled`));
  }

  letGo(run: ActiveRun): void {
    if (this.#runs.get(run.runId) === run) this.#runs.delete(run.runId);
    if (this.of(run.executor).length > 0) return;
    const told = this.#onEmpty.filter(({ executor }) => executor === run.executor);
    this.#onEmpty = this.#onEmpty.filter(({ executor }) => executor !== run.executor);
    for (const { resolve } of told) resolve();
  }

  /** Resolves once no run of an executor is held. */
  empty(executor: string): Promise<void> {
    if (this.of(executor).length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push({ executor, resolve }));
  }
}
