import type { Clock, Delivery } from '@carillon/core/internal';

/** If fewer deliveries wait in a queue, none of them waits for long. */
const LONG = 5;
/** The most deliveries that go ahead before one of the others is taken. */
const MOST_AHEAD = 20;
/** A short queue is looked at again after this time, ms. */
const KNOWN_MS = 100;
/** For the mean rate at which deliveries are taken: after this time, the rate before counts for a third, ms. */
const RATE_MS = 500;

/** What a leader knows of one executor's queue. */
interface KnownQueue {
  /** Deliveries that went ahead, and wait. */
  ahead: number;
  /** The others that wait. */
  behind: number;
  /** How many more may go ahead. */
  credit: number;
  readonly lookedAt: number;
  /** How many are taken in a millisecond, as a recent mean. */
  readonly rate: number;
}

/**
 * Decides which deliveries go ahead of those that wait in their queue: those of a few runs that have just come due, so that they do not
 * wait for a herd that came due before them. Between two times that `MOST_AHEAD` of them went ahead, as many others are taken: nothing
 * waits for ever. A queue gives out first what went ahead, and of that what came last.
 */
export class QueueOrder {
  readonly #clock: Clock;
  readonly #queues = new Map<string, KnownQueue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The executors of these deliveries whose queues are not known well enough to decide which deliveries go ahead. */
  toLookAt(deliveries: readonly Delivery[]): string[] {
    const now = this.#clock.now();
    return [...new Set(deliveries.map(({ executor }) => executor))].filter((executor) => {
      const { ahead, behind, lookedAt } = this.#known(executor);
      return ahead + behind >= LONG || now - lookedAt >= KNOWN_MS;
    });
  }

  /** @param waiting how many deliveries of priority 0 wait in the queue of an executor, with all that came from here before */
  look(executor: string, waiting: number): void {
    const { ahead, behind, credit, lookedAt, rate } = this.#known(executor);
    const taken = Math.max(0, ahead + behind - waiting);
    const now = this.#clock.now();
    const weight = Math.exp((lookedAt - now) / RATE_MS);
    const left = Math.min(waiting, Math.max(0, ahead - taken));
    this.#queues.set(executor, {
      ahead: left,
      behind: waiting - left,
      credit: Math.min(MOST_AHEAD, credit + Math.max(0, taken - ahead)),
      lookedAt: now,
      rate: now > lookedAt ? rate * weight + (taken / (now - lookedAt)) * (1 - weight) : rate,
    });
  }

  /** How many deliveries wait in the queue of an executor; 0 if that was not read lately. */
  waiting(executor: string): number {
    const { ahead, behind, lookedAt } = this.#known(executor);
    return this.#clock.now() - lookedAt < KNOWN_MS ? ahead + behind : 0;
  }

  /** For how long what waits in the queue of an executor keeps its workers busy, as far as is known, ms. Infinity: nothing is taken. */
  busyMs(executor: string): number {
    const { ahead, behind, rate } = this.#known(executor);
    const waiting = ahead + behind;
    return waiting === 0 ? 0 : waiting / rate;
  }

  /**
   * Returns deliveries as they are added to their queues: only those that do go ahead say so. If more may go ahead than there is room for in
   * a queue, none does: they are a herd themselves.
   */
  inOrder(deliveries: readonly Delivery[]): readonly Delivery[] {
    const first = deliveries.filter(({ priority }) => priority === 0);
    const going = new Set<string>();
    for (const executor of new Set(first.map((delivery) => delivery.executor))) {
      const queue = this.#known(executor);
      const given = first.filter((delivery) => delivery.executor === executor);
      const fresh = given.filter(({ goesAhead }) => goesAhead);
      const ahead = queue.ahead + queue.behind >= LONG && fresh.length <= queue.credit ? fresh : [];
      queue.ahead += ahead.length;
      queue.behind += given.length - ahead.length;
      queue.credit -= ahead.length;
      for (const { id } of ahead) going.add(id);
    }
    return deliveries.map((one) => (one.goesAhead && !going.has(one.id) ? { ...one, goesAhead: false } : one));
  }

  #known(executor: string): KnownQueue {
    const known = this.#queues.get(executor) ?? {
      ahead: 0,
      behind: 0,
      credit: MOST_AHEAD,
      lookedAt: Number.NEGATIVE_INFINITY,
      rate: 0,
    };
    this.#queues.set(executor, known);
    return known;
  }
}
