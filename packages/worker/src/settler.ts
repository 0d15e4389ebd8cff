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
/** Longer than what failed takes to be tried again. */
const GATHER_MS = 1_000;
/** How often the log reports that settling fails, at most. */
const REPORT_MS = 10_000;

/**
 * Settles executions, together with those that end while a call is under way. What the store refuses, such as one that may not
 * write for a while, is tried again until it answers: the task has been executed, and else it would be again.
 */
export class Settler {
  readonly #parts: SettlerParts;
  #waiting: Waiting[] = [];
  #isBusy = false;
  #reportedAt = Number.NEGATIVE_INFINITY;
  readonly #pauses = new Set<() => void>();
  /** Runs whose outcome counts for nothing, and that are not yet reported. */
  #void: string[] = [];
  #cancelReport = () => {};
  #isClosed = false;

  constructor(parts: SettlerParts) {
    this.#parts = parts;
  }

  /** Calls back once the store has answered. */
  settle(settlement: Settlement, answered: (outcome: SettleOutcome) => void): void {
    this.#waiting.push({ settlement, answered });
    if (this.#isBusy) return;
    this.#isBusy = true;
    // Once all that end in this turn of the event loop are there.
    process.nextTick(() => void this.#drain());
  }

  /** Reports that the outcome of a run counts for nothing, together with others: after an outage it is so with many. */
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

  /** Tries nothing again. What is not settled at that time is `void`. */
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

  /** What fails in a caller is reported: the store has answered, and is not asked again. */
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
