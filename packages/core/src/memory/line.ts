import { ConnectionError } from '../errors.js';
import type { Clock } from '../ports/clock.js';
import type { Upkeep } from './upkeep.js';

/** The position of a call: `request` is before it takes effect, `reply` is after that and before the caller gets the result. */
export interface Step {
  readonly call: string;
  readonly at: 'request' | 'reply';
}

/** May kill the backend, or throw an error that the caller gets in place of the reply. */
export type OnStep = (step: Step) => void;

/**
 * Carries a call to the cluster and its result back, in place of the line. It may call `effect` late, more than once or never, and may throw an
 * error that the caller gets. It is called before the user's call returns.
 */
export type Carry = <T>(call: string, effect: () => T) => Promise<T>;

export interface LineParts {
  readonly onStep?: OnStep | undefined;
  readonly carry?: Carry | undefined;
  /** Called with each call. */
  readonly upkeep?: Upkeep | undefined;
}

/** The line between one user and the cluster. Every call goes through it, and takes one turn of the event loop's queue each way. */
export class Line {
  /** The user's own clock. Its timers stop when the user is dead. */
  readonly clock: Clock;
  readonly #onStep: OnStep;
  readonly #carry: Carry | undefined;
  readonly #upkeep: Upkeep | undefined;
  readonly #onEnd: (() => void)[] = [];
  #state: 'open' | 'closed' | 'dead' = 'open';

  constructor(clock: Clock, { onStep = () => {}, carry, upkeep }: LineParts = {}) {
    this.#onStep = onStep;
    this.#carry = carry;
    this.#upkeep = upkeep;
    this.clock = {
      ...this.#timersOf(clock),
      ...(clock.upkeep && { upkeep: this.#timersOf(clock.upkeep) }),
      ...(clock.track && { track: clock.track.bind(clock) }),
      ...(clock.exactly && { exactly: clock.exactly.bind(clock) }),
    };
  }

  #timersOf(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      after: (ms, callback) =>
        clock.after(ms, () => {
          if (this.#state !== 'dead') callback();
        }),
    };
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  async ask<T>(call: string, effect: () => T): Promise<T> {
    if (this.#carry) return this.#carried(call, effect, this.#carry);
    await null;
    if (!this.#passes({ call, at: 'request' })) await forEver();
    const answer = effect();
    this.#upkeep?.called(call);
    await null;
    if (!this.#passes({ call, at: 'reply' })) await forEver();
    return answer;
  }

  async #carried<T>(call: string, effect: () => T, carry: Carry): Promise<T> {
    this.#checkOpen();
    const answer = await carry(call, effect);
    if (this.#state === 'dead') await forEver();
    this.#checkOpen();
    return answer;
  }

  /** Calls back when the user has ended. */
  onEnd(callback: () => void): void {
    this.#onEnd.push(callback);
  }

  close(): void {
    if (this.#state === 'open') this.#end('closed');
  }

  kill(): void {
    this.#end('dead');
  }

  #end(state: 'closed' | 'dead'): void {
    this.#state = state;
    for (const callback of this.#onEnd.splice(0)) callback();
  }

  /** Whether a call goes on: calls of a dead user do not. */
  #passes(step: Step): boolean {
    if (this.#state === 'open') this.#onStep(step);
    if (this.#state === 'dead') return false;
    this.#checkOpen();
    return true;
  }

  #checkOpen(): void {
    if (this.#state === 'closed') {
      throw new ConnectionError('this backend of the memory cluster was closed: make another one');
    }
  }
}

function forEver(): Promise<never> {
  return new Promise(() => {});
}
