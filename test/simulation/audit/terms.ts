import type { Contents } from '@carillon/core/memory';
import type { Effect, Fault } from './effect.js';

/** Checks that there is one term at a time: epochs grow, and no call with another epoch takes effect. */
export class Terms {
  readonly #fault: Fault;
  readonly #contents: () => Pick<Contents, 'lock'>;
  #epoch = 0;

  constructor(fault: Fault, contents: () => Pick<Contents, 'lock'>) {
    this.#fault = fault;
    this.#contents = contents;
  }

  /** Whether the call took effect. */
  allow(effect: Effect): boolean {
    if (effect.failed) return false;
    if (effect.call === 'beginTerm') this.#begin(effect);
    const { epoch } = (effect.params ?? {}) as { readonly epoch?: number };
    const { status } = (effect.answer ?? {}) as { readonly status?: string };
    if (epoch === undefined || effect.call === 'endTerm') return true;
    if (status === 'over' && epoch === this.#epoch) this.#fault(`${effect.call} was refused in its own term`);
    if (status === 'over' && effect.events.length > 0) this.#fault(`${effect.call} was refused, and published`);
    if (status === 'done' && epoch !== this.#epoch) {
      this.#fault(`${effect.call} of term ${epoch} took effect in term ${this.#epoch}`);
    }
    return status !== 'over';
  }

  /** Returns the answer of a call, without the status of its term. */
  valueOf({ answer, call, params }: Effect): unknown {
    const isFenced = (params as { readonly epoch?: number } | null)?.epoch !== undefined && call !== 'endTerm';
    return isFenced ? (answer as { readonly value: unknown }).value : answer;
  }

  #begin({ answer, params, at, events }: Effect): void {
    if (answer === null) {
      if (events.length > 0) this.#fault('a term was refused, and reported');
      return;
    }
    const epoch = Number(answer);
    const { lock } = this.#contents();
    const holds = lock?.value === (params as { readonly lock: string }).lock && lock.expiresAt > at;
    if (!holds) this.#fault(`term ${epoch} began for one who does not hold the lock`);
    if (epoch <= this.#epoch || epoch < at) this.#fault(`term ${epoch} comes after ${this.#epoch}, at ${at}`);
    if (events.length !== 1 || events[0]?.epoch !== epoch)
      this.#fault(`term ${epoch}: reported as ${JSON.stringify(events)}`);
    this.#epoch = epoch;
  }
}
