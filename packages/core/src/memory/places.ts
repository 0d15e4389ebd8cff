import type { Clock } from '../ports/clock.js';
import { ExecutorQueues } from './delivery-queue.js';
import { StoreState } from './store/state.js';

/** Called with each message, within the call that publishes it. */
export type OnPublish = (jobStore: string, channel: string, message: string) => void;

interface MemoryStore {
  readonly state: StoreState;
  readonly queues: ExecutorQueues;
}

/** Everything that a memory cluster keeps, by job store. */
export class Places {
  /** Aliases of the job stores that exist, for clients that look for them. */
  readonly known = new Set<string>();
  readonly #clock: Clock;
  readonly #onPublish: OnPublish | undefined;
  readonly #places = new Map<string, MemoryStore>();

  constructor(clock: Clock, onPublish?: OnPublish) {
    this.#clock = clock;
    this.#onPublish = onPublish;
  }

  /** Whether any job store has several coordinators, which may have to share the leaderships. */
  get hasSeveralCoordinators(): boolean {
    return [...this.#places.values()].some(({ state }) => state.coordinators.size > 1);
  }

  wakeLeaders(): void {
    for (const { state } of this.#places.values()) state.wake(state.now());
  }

  get(alias: string): MemoryStore {
    const known = this.#places.get(alias);
    if (known) return known;
    const place = { state: new StoreState(alias, this.#clock), queues: new ExecutorQueues(this.#clock) };
    const onPublish = this.#onPublish;
    if (onPublish) place.state.channels.watch((channel, message) => onPublish(alias, channel, message));
    this.#places.set(alias, place);
    return place;
  }
}
