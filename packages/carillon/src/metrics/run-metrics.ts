import type { ObservedExecution } from '@carillon/core';
import type { Registry } from 'prom-client';
import { OF_RUNS } from './names.js';
import { TalliedHistogram } from './tallied-histogram.js';

/** Seconds: from a few ms, as of a run that begins on time, to an hour. */
const WAITS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600];
const DURATIONS = [0.001, ...WAITS];

/** How late runs began, how long they waited, and how long they took. */
export class RunMetrics {
  readonly #lateness: TalliedHistogram<'store' | 'executor' | 'task'>;
  readonly #queueWait: TalliedHistogram<'store' | 'executor' | 'task'>;
  readonly #duration: TalliedHistogram<'store' | 'executor' | 'task' | 'outcome'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const of = <Label extends string>(
      { name, help, labels }: { readonly name: string; readonly help: string; readonly labels: readonly Label[] },
      bounds: readonly number[],
    ) => new TalliedHistogram<Label>({ name, help, registers }, labels, bounds);
    this.#lateness = of(OF_RUNS.lateness, WAITS);
    this.#queueWait = of(OF_RUNS.queueWait, WAITS);
    this.#duration = of(OF_RUNS.duration, DURATIONS);
  }

  executed(execution: ObservedExecution): void {
    const { jobStore: store, executor, task, attempt, dueAt, queuedAt, startedAt, endedAt, outcome } = execution;
    const labels = [store, executor, task];
    if (attempt === 1) this.#lateness.tally(labels, seconds(startedAt - dueAt));
    if (queuedAt !== null) this.#queueWait.tally(labels, seconds(startedAt - queuedAt));
    labels.push(outcome);
    this.#duration.tally(labels, seconds(endedAt - startedAt));
  }
}

/** The clocks of two machines differ: nothing takes less than no time. */
function seconds(ms: number): number {
  return Math.max(0, ms) / 1_000;
}
