import {
  type Chance,
  type Clock,
  type Ledger,
  type Report,
  type Settlement,
  type SettleOutcome,
  StoreRefusalError,
} from '@carillon/core/internal';

interface Waiting {
  readonly settlement: Settlement;
  readonly answered: (outcome: SettleOutcome) => void;
}

export interface SettlerParts {
  readonly jobStore: string;
  readonly ledger: Ledger;
  readonly chance: Chance;
  readonly clock: Clock;
  readonly report: Report;
}

const MOST_AT_ONCE = 200;
const RETRY_MS = 500;
/** How long failed settlements are gathered before the next attempt, ms: longer than the attempt takes. */
const GATHER_MS = 1_000;
/** How often the log reports that settling fails, at most. */
const REPORT_MS = 10_000;

/**
 * Settles executions in batches: those that end during a call go with the next one. It repeats failed calls until the store replies:
 * the tasks have been executed, and would be executed again otherwise.
 */
export class Settler {
  readonly #parts: SettlerParts;
  #waiting: Waiting[] = [];
  #isBusy = false;
  #reportedAt = Number.NEGATIVE_INFINITY;
  readonly #pauses = new Set<() => void>();
  /** Runs whose outcome was void, and that are not reported yet. */
  #void: string[] = [];
  #cancelReport = () => {};
  #isClosed = false;

  constructor(parts: SettlerParts) {
    this.#parts = parts;
  }

  /** Calls back once the store has replied. */
  settle(settlement: Settlement, answered: (outcome: SettleOutcome) => void): void {
    this.#waiting.push({ settlement, answered });
    if (this.#isBusy) return;
    this.#isBusy = true;
    // Once all that end in this turn of the event loop are there.
    process.nextTick(() => void this.#drain());
  }

  /** Reports that the outcome of a run is void, together with others: after an outage there may be many. */
  reportVoid(runId: string): void {
    this.#void.push(runId);
    if (this.#isClosed) this.#reportVoid();
    else if (this.#void.length === 1) this.#cancelReport = this.#parts.clock.after(GATHER_MS, () => this.#reportVoid());
  }

  #reportVoid(): void {
    const { report, jobStore } = this.#parts;
    this.#cancelReport();
    const runIds = this.#void;
    this.#void = [];
    if (runIds.length > 0) report({ kind: 'outcomes_void', jobStore, runIds });
  }

  /** Stops retrying. Executions that are not settled yet are `void`. */
  close(): void {
    this.#isClosed = true;
    for (const end of this.#pauses) end();
    this.#reportVoid();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#try(this.#waiting.splice(0, MOST_AT_ONCE), this.#parts.chance.id());
    this.#isBusy = false;
  }

  async #try(batch: readonly Waiting[], op: string): Promise<void> {
    let outcomes: readonly SettleOutcome[];
    try {
      outcomes = await this.#parts.ledger.settle({ op, settlements: batch.map(({ settlement }) => settlement) });
    } catch (error) {
      this.#report(error);
      void this.#again(batch, op, error);
      return;
    }
    for (const [index, one] of batch.entries()) this.#answer(one, outcomes[index] ?? 'void');
  }

  /** An error of a caller's callback is reported: the store has replied, and is not called again. */
  #answer({ answered }: Waiting, outcome: SettleOutcome): void {
    try {
      answered(outcome);
    } catch (error) {
      this.#report(error);
    }
  }

  /** The same call, whose effect may be there already; or, where the records of one of them are to blame, each by itself. */
  async #again(batch: readonly Waiting[], op: string, error: unknown): Promise<void> {
    await this.#pause();
    if (this.#isClosed) for (const one of batch) this.#answer(one, 'void');
    else if (error instanceof StoreRefusalError)
      for (const one of batch) void this.#try([one], this.#parts.chance.id());
    else await this.#try(batch, op);
  }

  #report(error: unknown): void {
    const { clock, report, jobStore } = this.#parts;
    if (this.#isClosed || clock.now() - this.#reportedAt < REPORT_MS) return;
    this.#reportedAt = clock.now();
    report({ kind: 'settling_failed', jobStore, error });
  }

  async #pause(): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        cancel();
        this.#pauses.delete(end);
        resolve();
      };
      const cancel = this.#parts.clock.after(RETRY_MS, end);
      this.#pauses.add(end);
    });
  }
}
