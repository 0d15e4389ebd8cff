import type { Contenders, Seen, Showing } from '../ports/contenders.js';
import { contend } from './store/contend.js';
import { showReader } from './store/show-reader.js';
import type { StoreState } from './store/state.js';
import type { StoreLine } from './store-line.js';

/** The coordinators of a job store in memory. */
export class MemoryContenders implements Contenders {
  readonly #line: StoreLine;
  readonly #state: StoreState;

  constructor(line: StoreLine, state: StoreState) {
    this.#line = line;
    this.#state = state;
  }

  show(showing: Showing): Promise<Seen> {
    return this.#line.ask('contend', () => contend(this.#state, this.#line.formats, showing));
  }

  say(member: Pick<Showing, 'coordinatorId' | 'aliveMs'>): Promise<void> {
    return this.#line.ask('say', () => showReader(this.#state, this.#line.formats, member));
  }

  leave(coordinatorId: string): Promise<void> {
    return this.#line.ask('withdraw', () => {
      this.#state.coordinators.delete(coordinatorId);
      this.#state.readers.delete(`coordinator ${coordinatorId}`);
    });
  }
}
