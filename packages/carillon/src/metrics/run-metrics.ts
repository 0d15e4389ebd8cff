import type { ObservedExecution } from '@carillon/core';
import type { Registry } from 'prom-client';
import { OF_RUNS } from './names.js';
import { type Series, TalliedHistogram } from './tallied-histogram.js';

/** Buckets in seconds: from a few ms, for a run that begins on time, to an hour. */
const WAITS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600];
const DURATIONS = [0.001, ...WAITS];

type Outcome = ObservedExecution['outcome'];
type OfRuns = 'store' | 'executor' | 'task';

/** The series of the runs of one task, in one executor. */
interface TaskSeries {
  readonly labels: Readonly<Record<OfRuns, string>>;
  readonly lateness: Series<OfRuns>;
  readonly queueWait: Series<OfRuns>;
  /** By outcome; created with the first one. */
  readonly durations: Partial<Record<Outcome, Series<OfRuns | 'outcome'>>>;
}

/** How late runs began, how long they waited, and how long they took. */
export class RunMetrics {
  readonly #lateness: TalliedHistogram<OfRuns>;
  readonly #queueWait: TalliedHistogram<OfRuns>;
  readonly #duration: TalliedHistogram<OfRuns | 'outcome'>;
  /** By job store, then executor, then task. */
  readonly #all = new Map<string, Map<string, Map<string, TaskSeries>>>();
  /** The series of the last run: the next run is often of the same task. */
  #last: TaskSeries | undefined;

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

  executed({
    jobStore,
    executor,
    task,
    attempt,
    dueAt,
    queuedAt,
    startedAt,
    endedAt,
    outcome,
  }: ObservedExecution): void {
    const { lateness, queueWait, durations, labels } = this.#seriesOf(jobStore, executor, task);
    if (attempt === 1) lateness.tally(seconds(startedAt - dueAt));
    if (queuedAt !== null) queueWait.tally(seconds(startedAt - queuedAt));
    durations[outcome] ??= this.#duration.series({ ...labels, outcome });
    durations[outcome].tally(seconds(endedAt - startedAt));
  }

  #seriesOf(store: string, executor: string, task: string): TaskSeries {
    const last = this.#last;
    if (last && last.labels.task === task && last.labels.executor === executor && last.labels.store === store)
      return last;
    const tasks = madeOnce(madeOnce(this.#all, store, newMap<Map<string, TaskSeries>>), executor, newMap<TaskSeries>);
    this.#last = madeOnce(tasks, task, () => this.#begin({ store, executor, task }));
    return this.#last;
  }

  #begin(labels: Readonly<Record<OfRuns, string>>): TaskSeries {
    const [lateness, queueWait] = [this.#lateness.series(labels), this.#queueWait.series(labels)];
    return { labels, lateness, queueWait, durations: {} };
  }
}

function newMap<T>(): Map<string, T> {
  return new Map();
}

function madeOnce<T>(all: Map<string, T>, key: string, make: () => T): T {
  const made = all.get(key) ?? make();
  all.set(key, made);
  return made;
}

/** The clocks of two machines may differ: a negative time counts as 0. */
function seconds(ms: number): number {
  return Math.max(0, ms) / 1_000;
}
