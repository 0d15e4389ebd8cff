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
    for (const reported of events) {
      const seq = (this.#last.get(reported.type) ?? 0) + 1;
      if (reported.seq !== seq) this.#fault(`${reported.type} is number ${reported.seq}, and should be ${seq}`);
      if (reported.v !== 1 || reported.at !== at || reported.jobStore !== 'default')
        this.#fault(`an envelope: ${JSON.stringify(reported)}`);
      this.#last.set(reported.type, reported.seq);
      this.#published.push(JSON.stringify(reported));
    }
  }

  /** Checks that the log keeps the published events, in order. */
  checkLog(messages: readonly string[]): void {
    const logged = messages.map((message) => JSON.stringify(JSON.parse(message)));
    const published = this.#published.slice(0, this.#loggedAt);
    const at = published.findIndex((reported, index) => reported !== logged[index]);
    if (at >= 0) this.#fault(`published was ${published[at]}, and the log has ${logged[at]}`);
    if (logged.length > published.length) this.#fault('the log has more than was published');
  }
}
