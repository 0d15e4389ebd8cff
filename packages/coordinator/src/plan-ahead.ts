import type { Clock, TermStore, UpcomingPage } from '@carillon/core/internal';
import { READY_MS } from './ready.js';

/** What the last step claimed begins first. */
const REST_MS = 20;
/** Nothing is planned ahead if a step is due so soon, ms. */
const SHORT_MS = 2 * REST_MS;
/** How long before they are due fires are planned, at most. A leader takes a step each second, whatever is due. */
const SOON_MS = 1_200;
/** How many of them are looked at, at most. */
const MOST = 500;

interface Parts {
  readonly terms: Pick<TermStore, 'isNear' | 'upcoming'>;
  readonly clock: Clock;
  /** Returns whether all were planned; they are not if that takes long. */
  readonly planAhead: (soon: UpcomingPage) => boolean;
}

/** Has fires planned that are due soon, in the time between two steps of a leader, if the store is so near that reading it costs next to nothing. */
export class PlanAhead {
  readonly #parts: Parts;
  #stop = () => {};

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Returns after how many ms to take the next step, if jobs are due in `ms`: soon enough to have their claims ready. */
  readyIn(ms: number): number {
    return this.#parts.terms.isNear && ms >= SHORT_MS ? ms - READY_MS : ms;
  }

  /** @param ms until the next step */
  during(ms: number): void {
    this.stop();
    const { terms, clock, planAhead } = this.#parts;
    if (!terms.isNear) return;
    const until = clock.now() + ms;
    let isOver = false;
    let cancel = () => {};
    const look = async () => {
      const soon = await terms.upcoming({ withinMs: SOON_MS, after: null, limit: MOST });
      if (!isOver && !planAhead(soon)) rest();
    };
    const rest = () => {
      // What it fails with, the next step fails with.
      if (until - clock.now() >= SHORT_MS) cancel = clock.after(REST_MS, () => void look().catch(() => {}));
    };
    this.#stop = () => {
      isOver = true;
      cancel();
    };
    rest();
  }

  /** The next step begins, or there is none. */
  stop(): void {
    this.#stop();
  }
}
