import type { Effect, Fault } from './effect.js';

/** Checks that each type of event is numbered without a gap, and dated by the store's clock. */
export class Sequence {
  readonly #fault: Fault;
  readonly #last = new Map<string, number>();
  readonly #published: string[] = [];
  /** How many events were published when the log was last read. */
  #loggedAt = 0;

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  check({ call, at, events }: Effect): void {
    if (call === 'events') this.#loggedAt = this.#published.length;
    for (const told of events) {
      const seq = (this.#last.get(told.type) ?? 0) + 1;
      if (told.seq !== seq) this.#fault(`${told.type} is number ${told.seq}, and should be ${seq}`);
      if (told.v !== 1 || told.at !== at || told.jobStore !== 'default')
        this.#fault(`an envelope: ${JSON.stringify(told)}`);
      this.#last.set(told.type, told.seq);
      this.#published.push(JSON.stringify(told));
    }
  }

  /** Checks that the log keeps the published events, in order. */
  checkLog(messages: readonly string[]): void {
    const logged = messages.map((message) => JSON.stringify(JSON.parse(message)));
    const published = this.#published.slice(0, this.#loggedAt);
    const at = published.findIndex((told, index) => told !== logged[index]);
    if (at >= 0) this.#fault(`published was ${published[at]}, and the log has ${logged[at]}`);
    if (logged.length > published.length) this.#fault('the log has more than was published');
  }
}
