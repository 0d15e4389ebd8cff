import type { StoreMeasure, WatchedClient, WatchedStore } from '@carillon/core';

/** After how long without a reply a job store counts as not read, ms. */
const TIMEOUT_MS = 2_000;
/** The most jobs with series of their own. */
export const MOST_JOBS = 1_000;
const MOST_EXECUTORS = 1_000;

export interface Measured {
  readonly jobStore: string;
  /** null if it was not read. */
  readonly measure: StoreMeasure | null;
  readonly seconds: number;
}

/** Reads the job stores of the clients of a process, each once, however many clients have it. */
export class StoreReader {
  readonly #clients = new Set<WatchedClient>();
  /** Executors that were seen, by job store, so that executors without workers and with few runs are measured again. */
  readonly #executors = new Map<string, Set<string>>();

  add(client: WatchedClient): () => void {
    this.#clients.add(client);
    return () => void this.#clients.delete(client);
  }

  async read(): Promise<readonly Measured[]> {
    const stores = new Map<string, WatchedStore>();
    for (const client of this.#clients) {
      for (const store of client.stores()) if (!stores.has(store.jobStore)) stores.set(store.jobStore, store);
    }
    return Promise.all([...stores.values()].map((store) => this.#measure(store)));
  }

  async #measure({ jobStore, measure }: WatchedStore): Promise<Measured> {
    const known = this.#executors.get(jobStore) ?? new Set();
    this.#executors.set(jobStore, known);
    const begun = performance.now();
    const answer = measure({ jobs: MOST_JOBS, executors: [...known] }).catch(() => null);
    const measured = await within(answer);
    for (const { executor } of measured?.executors ?? []) if (known.size < MOST_EXECUTORS) known.add(executor);
    return { jobStore, measure: measured, seconds: (performance.now() - begun) / 1_000 };
  }
}

async function within<T>(answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, TIMEOUT_MS, null).unref();
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
