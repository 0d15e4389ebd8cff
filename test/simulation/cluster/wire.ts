import { ConnectionError } from '@carillon/core';
import type { Clock } from '@carillon/core/internal';
import type { Dice } from '../dice.js';
import type { Asked } from '../operations/intent.js';
import type { Transcript } from '../transcript.js';
import type { CallFault, Faults } from './faults.js';
import type { Process } from './process.js';
import type { StoreMethod } from './store.js';

/** A call on its way to the store. */
export interface Call {
  readonly name: string;
  readonly process: string;
  /** The argument of the port's method; undefined if it is not a call of a port. */
  readonly params: unknown;
  /** The method of the job store; null if it is a call of something else. */
  readonly method: StoreMethod | null;
  readonly asked: Asked | null;
  /** It takes effect some time after its process got an answer, gave it up or died. */
  readonly isLate?: true;
}

/** The outcome of a call in the store. */
export type Result<T> = { readonly answer: T } | { readonly error: unknown };

/** What the processes share with the wires between them and the store. */
export interface Surroundings {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly faults: Faults;
  readonly transcript: Transcript;
  /** The longest time between sending and arriving when nothing goes wrong, ms. */
  readonly latencyMs: number;
  /** The same for the calls by which producers change jobs: some are far away, and jobs fire while they decide. */
  readonly farMs: number;
  /** The most runs of one delivery. */
  readonly mostPacked: number;
  /** Whether the job store is near its leaders. */
  readonly isNear: boolean;
  /** Until when no process reaches the store. */
  readonly unreachableUntil: number;
  /** A violation was found: nothing may happen any more. */
  readonly isStopped: boolean;
  /** Lets a call take effect in the store, and shows it to the auditor. */
  perform<T>(call: Call, effect: () => T): Result<T>;
  /** Calls back after a time, even if the process that asked for it is stopped or dead. */
  later(ms: number, callback: () => void): void;
  /** Kills a process; another of its role takes its place some time later. */
  kill(process: Process): void;
  /** Stops a process for a time. */
  stop(process: Process, ms: number): void;
}

const NOTHING = { params: undefined, method: null };
/** Calls by which producers change jobs. */
const OF_CHANGES = new Set(['read', 'put', 'hold']);
const never = () => new Promise<never>(() => {});

/** Carries the calls of one process to the store and their answers back, with the faults of this seed. */
export class Wire {
  readonly #process: Process;
  readonly #world: Surroundings;
  #noted: Pick<Call, 'params' | 'method'> = NOTHING;

  constructor(process: Process, world: Surroundings) {
    this.#process = process;
    this.#world = world;
  }

  /** Notes the argument of the next call, which is made at once. */
  note(params: unknown, method: StoreMethod | null = null): void {
    this.#noted = { params, method };
  }

  readonly carry = async <T>(name: string, effect: () => T): Promise<T> => {
    const call = { name, process: this.#process.name, ...this.#noted, asked: this.#process.asked };
    this.#noted = NOTHING;
    const fault = this.#world.faults.ofCall(name);
    if (this.#world.isStopped) return never();
    if (fault) this.#note(fault, name);
    await this.#process.awake();
    const sent = await this.#send(call, effect, fault);
    const result = await this.#answer(call, effect, fault, sent);
    await this.#process.awake();
    if ('error' in result) throw result.error;
    return result.answer;
  };

  async #send<T>(call: Call, effect: () => T, fault: CallFault | null): Promise<Result<T>> {
    const { dice, faults } = this.#world;
    const latencyMs = this.#latencyOf(call);
    const perform = () => this.#world.perform(call, effect);
    await this.#reach();
    switch (fault) {
      case 'killed before a call':
        this.#world.kill(this.#process);
        return never();
      case 'killed, its call arrives late':
        this.#arriveLate(call, effect);
        this.#world.kill(this.#process);
        return never();
      case 'call failed':
        return this.#fail(call);
      case 'given up, arrives late':
        this.#arriveLate(call, effect);
        return this.#fail(call);
      case 'stopped before a call':
        this.#world.stop(this.#process, this.#pastLease());
        await this.#process.awake();
        break;
      case 'call slow':
        await this.#wait(dice.between(1, 100));
        break;
      case 'call past a lease':
        await this.#wait(this.#pastLease());
        break;
      default:
        if (latencyMs > 0 && !faults.isOver) await this.#wait(dice.between(0, latencyMs), latencyMs);
        else await Promise.resolve();
    }
    return perform();
  }

  async #answer<T>(call: Call, effect: () => T, fault: CallFault | null, result: Result<T>): Promise<Result<T>> {
    const { dice } = this.#world;
    const perform = () => this.#world.perform(call, effect);
    switch (fault) {
      case 'killed after a call':
        this.#world.kill(this.#process);
        return never();
      case 'reply lost':
        return this.#fail(call);
      case 'reply slow':
        await this.#wait(dice.between(1, 100));
        return result;
      case 'reply past a lease':
        await this.#wait(this.#pastLease());
        return result;
      case 'repeated':
        await this.#wait(dice.happens(0.5) ? dice.between(0, 20) : this.#pastLease());
        return perform();
      case 'repeated late':
        this.#arriveLate(call, effect);
        return result;
      case 'stopped after a call':
        this.#world.stop(this.#process, this.#pastLease());
        return result;
      default:
        await Promise.resolve();
        return result;
    }
  }

  #arriveLate<T>(call: Call, effect: () => T): void {
    this.#world.later(this.#late(), () => this.#world.perform({ ...call, isLate: true }, effect));
  }

  /** Waits until the store is reachable. Workers wait as long as it takes; coordinators and producers give up. */
  async #reach(): Promise<void> {
    const { clock, unreachableUntil, faults } = this.#world;
    const until = faults.isOver ? 0 : Math.max(unreachableUntil, this.#process.cutOffUntil);
    const leftMs = until - clock.now();
    if (leftMs <= 0) return;
    const patience = { worker: leftMs, coordinator: this.#process.leaseMs / 3, producer: 4_500 };
    const waitMs = patience[this.#process.role];
    await this.#wait(Math.min(leftMs, waitMs));
    if (waitMs < leftMs) throw new ConnectionError('the store is not reached');
  }

  async #fail(call: Call): Promise<{ readonly error: unknown }> {
    await this.#wait(this.#world.dice.between(0, 50));
    return { error: new ConnectionError(`${call.name}: the connection was lost`) };
  }

  #latencyOf({ name }: Call): number {
    const { latencyMs, farMs } = this.#world;
    return this.#process.role === 'producer' && OF_CHANGES.has(name) ? Math.max(latencyMs, farMs) : latencyMs;
  }

  /** Holds up a call or an answer. A wait of up to `usualMs` is not a fault. */
  #wait(ms: number, usualMs = this.#world.latencyMs): Promise<void> {
    if (ms > usualMs) this.#process.struck(this.#world.clock.now() + ms);
    return new Promise((resolve) => this.#world.clock.after(ms, resolve));
  }

  #pastLease(): number {
    const { leaseMs } = this.#process;
    return this.#world.dice.between(Math.floor(leaseMs / 3), leaseMs * 3);
  }

  #late(): number {
    return this.#world.dice.between(10, this.#world.dice.pick([200, 2_000, 8_000, 15_000]));
  }

  #note(fault: CallFault, name: string): void {
    const { faults, transcript, clock } = this.#world;
    faults.count(fault);
    this.#process.struck(clock.now());
    transcript.write(`** ${this.#process.name} ${name}: ${fault}`);
  }
}
