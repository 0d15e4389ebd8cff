import type { Contenders, Seen, Showing } from '../ports/contenders.js';
import type { Line } from './line.js';
import { contend } from './store/contend.js';
import type { StoreState } from './store/state.js';

/** The coordinators of a job store in memory. */
export class MemoryContenders implements Contenders {
  readonly #line: Line;
  readonly #state: StoreState;

  constructor(line: Line, state: StoreState) {
    this.#line = line;
    this.#state = state;
  }

  show(showing: Showing): Promise<Seen> {
    return this.#line.ask('contend', () => contend(this.#state, showing));
  }

  leave(coordinatorId: string): Promise<void> {
    return this.#line.ask('leave', () => {
      this.#state.coordinators.delete(coordinatorId);
    });
  }
}
