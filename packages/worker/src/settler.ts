import type { Chance, Ledger, Settlement, SettleOutcome } from '@carillon/core/internal';

interface Waiting {
  readonly settlement: Settlement;
  readonly resolve: (outcome: SettleOutcome) => void;
  readonly reject: (error: unknown) => void;
}

const MOST_AT_ONCE = 200;

/** Settles executions, together with those that end while a call is under way. */
export class Settler {
  readonly #ledger: Ledger;
  readonly #chance: Chance;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(ledger: Ledger, chance: Chance) {
    this.#ledger = ledger;
    this.#chance = chance;
  }

  settle(settlement: Settlement): Promise<SettleOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ settlement, resolve, reject });
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_AT_ONCE);
      try {
        const settlements = batch.map(({ settlement }) => settlement);
        const outcomes = await this.#ledger.settle({ op: this.#chance.id(), settlements });
        for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index] ?? 'void');
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#busy = false;
  }
}
