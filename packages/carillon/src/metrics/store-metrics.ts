import type { StoreMeasure, WatchedClient } from '@carillon/core';
import { inspectedWorkers, isAlive, takesRuns } from '@carillon/core/internal';
import { Counter, Gauge, type Registry } from 'prom-client';
import { jobSeries } from './job-series.js';
import { EVENTS, OF_STORES } from './names.js';
import { type Measured, MOST_JOBS, StoreReader } from './store-reader.js';

type GaugeName = keyof typeof OF_STORES;
type Labels = Readonly<Record<string, string>>;

/** The metrics of job stores, which each scrape reads. */
export class StoreMetrics {
  readonly #reader = new StoreReader();
  readonly #gauges: Readonly<Record<GaugeName, Gauge>>;
  readonly #events: Counter;
  #reading: Promise<void> | undefined;

  constructor(registry: Registry) {
    const common = { registers: [registry], collect: () => this.#collect() };
    const gauge = ({ name, help, labels }: (typeof OF_STORES)[GaugeName]) =>
      new Gauge({ ...common, name, help, labelNames: labels });
    const names = Object.keys(OF_STORES) as GaugeName[];
    this.#gauges = Object.fromEntries(names.map((name) => [name, gauge(OF_STORES[name])])) as Record<GaugeName, Gauge>;
    const { name, help, labels } = EVENTS;
    this.#events = new Counter({ ...common, name, help, labelNames: labels });
  }

  add(client: WatchedClient): () => void {
    return this.#reader.add(client);
  }

  /** Called by each metric in the same turn: the job stores are read once for a scrape. */
  #collect(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const measured = await this.#reader.read();
    for (const gauge of Object.values(this.#gauges)) gauge.reset();
    this.#events.reset();
    for (const one of measured) this.#show(one);
  }

  #show({ jobStore: store, measure, seconds }: Measured): void {
    this.#gauges.up.set({ store }, measure ? 1 : 0);
    this.#gauges.measureSeconds.set({ store }, seconds);
    if (!measure) return;
    for (const { type, count } of measure.events) this.#events.inc({ store, type }, count);
    this.#showStore(store, measure);
    this.#showExecutors(store, measure);
    this.#showJobs(store, measure);
  }

  #showStore(store: string, measure: StoreMeasure): void {
    const { now, counts, nextDueAt, outboxAt, epoch, coordinators } = measure;
    const set = (name: GaugeName, value: number, more: Labels = {}) =>
      this.#gauges[name].set({ store, ...more }, value);
    set('jobs', counts.schedule, { state: 'scheduled' });
    set('jobs', counts.jobs - counts.schedule, { state: 'paused' });
    const queued = Math.max(0, counts.runs - counts.waiting - counts.outbox - counts.leases);
    for (const [state, count] of Object.entries({ ...runsOf(measure), queued })) set('runs', count, { state });
    set('oldestDue', age(now, nextDueAt));
    set('oldestOutbox', age(now, outboxAt));
    set('led', Number(measure.isLed));
    set('paused', Number(measure.paused));
    set('quarantine', counts.quarantine);
    if (epoch !== null) set('term', epoch);
    for (const { coordinatorId: coordinator, leads } of coordinators) set('leads', Number(leads), { coordinator });
  }

  #showExecutors(store: string, { now, workers, executors }: StoreMeasure): void {
    const alive = inspectedWorkers(workers).filter((worker) => isAlive(worker, new Date(now)));
    this.#gauges.workers.set({ store }, alive.length);
    for (const { executor, waiting, taken, oldestAt } of executors) {
      const serving = alive.filter((worker) => takesRuns(worker, executor));
      const slots = serving.flatMap((worker) => worker.executors.filter(({ alias }) => alias === executor));
      this.#gauges.executorWorkers.set({ store, executor }, serving.length);
      const sum = slots.reduce((before, { concurrency }) => before + concurrency, 0);
      this.#gauges.executorSlots.set({ store, executor }, sum);
      this.#gauges.deliveries.set({ store, executor, state: 'waiting' }, waiting);
      this.#gauges.deliveries.set({ store, executor, state: 'taken' }, taken);
      this.#gauges.oldestQueued.set({ store, executor }, age(now, oldestAt));
    }
  }

  #showJobs(store: string, { metered, jobs }: StoreMeasure): void {
    this.#gauges.leftOut.set({ store }, Math.max(0, metered - MOST_JOBS));
    for (const { jobId: job_id, lastSuccess, outcomes, nextRun } of jobSeries(jobs)) {
      if (lastSuccess !== undefined) this.#gauges.lastSuccess.set({ store, job_id }, lastSuccess);
      if (nextRun !== undefined) this.#gauges.nextRun.set({ store, job_id }, nextRun);
      for (const { outcome, value } of outcomes) this.#gauges.lastOutcome.set({ store, job_id, outcome }, value);
    }
  }
}

function runsOf({ counts: { waiting, outbox, leases: started } }: StoreMeasure) {
  return { waiting, outbox, started };
}

/** The age of an instant in seconds; 0 for a future instant, and for none. */
function age(now: number, at: number | null): number {
  return at === null ? 0 : Math.max(0, now - at) / 1_000;
}
