import type { ObservedExecution } from '@carillon/core';
import { Histogram, type Registry } from 'prom-client';
import { OF_RUNS } from './names.js';

/** Seconds: from a few ms, as of a run that begins on time, to an hour. */
const WAITS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600];
const DURATIONS = [0.001, ...WAITS];

/** How late runs began, how long they waited, and how long they took. */
export class RunMetrics {
  readonly #lateness: Histogram<'store' | 'executor' | 'task'>;
  readonly #queueWait: Histogram<'store' | 'executor' | 'task'>;
  readonly #duration: Histogram<'store' | 'executor' | 'task' | 'outcome'>;

  constructor(registry: Registry) {
    const common = { registers: [registry] };
    const of = <Label extends string>(
      { name, help, labels }: { readonly name: string; readonly help: string; readonly labels: readonly Label[] },
      buckets: number[],
    ) => new Histogram<Label>({ ...common, name, help, labelNames: labels, buckets });
    this.#lateness = of(OF_RUNS.lateness, WAITS);
    this.#queueWait = of(OF_RUNS.queueWait, WAITS);
    this.#duration = of(OF_RUNS.duration, DURATIONS);
  }

  executed(execution: ObservedExecution): void {
    const { jobStore: store, executor, task, attempt, dueAt, queuedAt, startedAt, endedAt, outcome } = execution;
    const labels = { store, executor, task };
    if (attempt === 1) this.#lateness.observe(labels, seconds(startedAt - dueAt));
    if (queuedAt !== null) this.#queueWait.observe(labels, seconds(startedAt - queuedAt));
    this.#duration.observe({ store, executor, task, outcome }, seconds(endedAt - startedAt));
  }
}

/** The clocks of two machines differ: nothing takes less than no time. */
function seconds(ms: number): number {
  return Math.max(0, ms) / 1_000;
}
