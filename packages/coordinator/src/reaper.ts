import type { Report, TermStore } from '@carillon/core/internal';
import { unfenced } from './fenced.js';

const SUSPECTS_PER_ROUND = 100;
const WORKER_SILENT_MS = 30_000;

/** Finds runs that nobody will run, and workers that are gone. One round looks at a part of the ledger. */
export class Reaper {
  readonly #jobStore: string;
  readonly #terms: TermStore;
  readonly #report: Report;
  readonly #leaseMs: number;
  #cursor = '0';

  constructor(parts: { jobStore: string; terms: TermStore; report: Report; leaseMs: number }) {
    this.#jobStore = parts.jobStore;
    this.#terms = parts.terms;
    this.#report = parts.report;
    this.#leaseMs = parts.leaseMs;
  }

  /** Answers how many runs went back into the outbox. @throws TermOver */
  async round(epoch: number): Promise<number> {
    const { suspects, cursor } = await this.#terms.suspects({ limit: SUSPECTS_PER_ROUND, cursor: this.#cursor });
    this.#cursor = cursor;
    let reaped = 0;
    for (const suspect of suspects) {
      if (unfenced(await this.#terms.reap({ epoch, suspect, leaseMs: this.#leaseMs })) !== 'reaped') continue;
      this.#report({ kind: 'run_reaped', jobStore: this.#jobStore, runId: suspect.runId });
      reaped += 1;
    }
    const workerIds = unfenced(await this.#terms.loseWorkers({ epoch, silentMs: WORKER_SILENT_MS }));
    if (workerIds.length > 0) this.#report({ kind: 'workers_lost', jobStore: this.#jobStore, workerIds });
    return reaped;
  }
}
