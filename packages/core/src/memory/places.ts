import type { Clock } from '../ports/clock.js';
import { ExecutorQueues } from './delivery-queue.js';
import { StoreState } from './store/state.js';

interface Place {
  readonly state: StoreState;
  readonly queues: ExecutorQueues;
}

/** Everything that a memory cluster keeps, by job store. */
export class Places {
  /** Aliases of the job stores that exist, for whoever looks for them. */
  readonly known = new Set<string>();
  readonly #clock: Clock;
  readonly #places = new Map<string, Place>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(alias: string): Place {
    const known = this.#places.get(alias);
    if (known) return known;
    const place = { state: new StoreState(alias, this.#clock), queues: new ExecutorQueues(this.#clock) };
    this.#places.set(alias, place);
    return place;
  }
}
