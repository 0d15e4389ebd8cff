import type { Effect, Fault } from './effect.js';

/** Each type of event is numbered without a gap, and dated by the store's clock. */
export class Sequence {
  readonly #fault: Fault;
  readonly #last = new Map<string, number>();

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  check({ at, events }: Effect): void {
    for (const told of events) {
      const seq = (this.#last.get(told.type) ?? 0) + 1;
      if (told.seq !== seq) this.#fault(`${told.type} is number ${told.seq}, and ought to be ${seq}`);
      if (told.v !== 1 || told.at !== at || told.jobStore !== 'default')
        this.#fault(`an envelope: ${JSON.stringify(told)}`);
      this.#last.set(told.type, told.seq);
    }
  }
}
