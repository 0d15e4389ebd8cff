import { type Clock, type Report, type TermStore, upkeepOf } from '@carillon/core/internal';
import { valueOrTermOver } from './fenced.js';
import { quarantineRuns } from './quarantine.js';

const SUSPECTS_PER_ROUND = 100;
const WORKER_SILENT_MS = 30_000;
/** Between looks for workers that are silent: soon enough beside how long they must be. */
const WORKERS_EVERY_MS = 5_000;

export interface ReaperParts {
  readonly jobStore: string;
  readonly terms: TermStore;
  readonly clock: Clock;
  readonly report: Report;
  readonly leaseMs: number;
}

/** Finds runs that no worker will run, and workers that are gone. One round looks at a part of the ledger. */
export class Reaper {
  readonly #parts: ReaperParts;
  #cursor = '0';
  #roundAt = 0;
  #workersAt = Number.NEGATIVE_INFINITY;

  constructor(parts: ReaperParts) {
    this.#parts = parts;
  }

  /**
   * Looks at the next part of the ledger, three times a lease. Returns how many runs went back into the outbox.
   * @param isOwing whether the ledger holds anything that may be lost
   * @throws TermOver
   */
  async roundNowAndThen(epoch: number, isOwing: boolean): Promise<number> {
    const { clock, leaseMs } = this.#parts;
    const now = upkeepOf(clock).now();
    if (now < this.#roundAt) return 0;
    this.#roundAt = now + leaseMs / 3;
    const reaped = isOwing ? await this.#reap(epoch) : 0;
    if (!isOwing) this.#cursor = '0';
    await this.#loseWorkers(epoch);
    return reaped;
  }

  async #reap(epoch: number): Promise<number> {
    const { jobStore, terms, report, leaseMs } = this.#parts;
    const page = await terms.suspects({ limit: SUSPECTS_PER_ROUND, cursor: this.#cursor });
    await quarantineRuns(this.#parts, epoch, page.unreadable);
    await this.#restore(epoch, page.strays);
    if (page.isMiscounted) await this.#countAgain(epoch);
    this.#cursor = page.cursor;
    // All at once: where much waits in the queues, nearly all of them do, and the leader has other things to do.
    const outcomes = await Promise.all(page.suspects.map((suspect) => terms.reap({ epoch, suspect, leaseMs })));
    const answers = outcomes.map(valueOrTermOver);
    const reaped = page.suspects.filter((_, index) => answers[index] === 'reaped').map(({ runId }) => runId);
    if (reaped.length > 0) report({ kind: 'runs_reaped', jobStore, runIds: reaped });
    return page.strays.length + reaped.length;
  }

  async #restore(epoch: number, runIds: readonly string[]): Promise<void> {
    const { jobStore, terms, report } = this.#parts;
    if (runIds.length === 0) return;
    report({ kind: 'runs_astray', jobStore, runIds });
    valueOrTermOver(await terms.restoreRuns({ epoch, runIds }));
  }

  async #countAgain(epoch: number): Promise<void> {
    const { jobStore, terms, report } = this.#parts;
    report({ kind: 'runs_miscounted', jobStore });
    valueOrTermOver(await terms.restoreRuns({ epoch, runIds: [] }));
  }

  async #loseWorkers(epoch: number): Promise<void> {
    const { jobStore, terms, clock, report } = this.#parts;
    const now = upkeepOf(clock).now();
    if (now < this.#workersAt) return;
    this.#workersAt = now + WORKERS_EVERY_MS;
    const workerIds = valueOrTermOver(await terms.loseWorkers({ epoch, silentMs: WORKER_SILENT_MS }));
    if (workerIds.length > 0) report({ kind: 'workers_lost', jobStore, workerIds });
  }
}
