import type { WatchedWorker } from '@carillon/core';
import { Gauge, type Registry } from 'prom-client';
import { OF_WORKERS } from './names.js';

/** The metrics of the workers of this process, which each scrape reads. */
export class WorkerMetrics {
  readonly #workers = new Set<WatchedWorker>();

  constructor(registry: Registry) {
    const workers = this.#workers;
    const { name, help, labels } = OF_WORKERS.slots;
    new Gauge({
      ...{ name, help, labelNames: labels, registers: [registry] },
      collect() {
        this.reset();
        for (const { executor, taken, free } of [...workers].flatMap((worker) => worker.slots())) {
          this.inc({ executor, state: 'taken' }, taken);
          this.inc({ executor, state: 'free' }, free);
        }
      },
    });
  }

  add(worker: WatchedWorker): () => void {
    this.#workers.add(worker);
    return () => void this.#workers.delete(worker);
  }
}
