import type { Dice } from '../dice.js';

/** What may happen to a call. */
export const CALL_FAULTS = [
  'killed before a call',
  'killed after a call',
  'killed, its call arrives late',
  'call failed',
  'reply lost',
  'call slow',
  'call past a lease',
  'reply slow',
  'reply past a lease',
  'given up, arrives late',
  'repeated',
  'repeated late',
  'stopped before a call',
  'stopped after a call',
] as const;

/** What may happen to a process at any time, or to all of them (`store unreachable`). */
const STRIKES = ['killed', 'stopped', 'clock jumped', 'cut off', 'shut down', 'store unreachable'] as const;

/** What may happen to a message of the store. */
export const MESSAGE_FAULTS = ['message lost', 'message late'] as const;

/** What may happen when a leader plans a job. */
const PLAN_FAULTS = ['plan failed'] as const;

/** The only job whose plan may fail. */
export const FRAGILE_ID = 'b';

export type CallFault = (typeof CALL_FAULTS)[number];
export type Strike = (typeof STRIKES)[number];
export type FaultKind = CallFault | Strike | (typeof MESSAGE_FAULTS)[number] | (typeof PLAN_FAULTS)[number];

export const FAULT_KINDS: readonly FaultKind[] = [...CALL_FAULTS, ...STRIKES, ...MESSAGE_FAULTS, ...PLAN_FAULTS];

/** Frequent calls that change little have fewer faults; crucial calls, which decide over a run, have more. */
export const FREQUENT = new Set([
  'due',
  'heartbeat',
  'renew',
  'suspects',
  'loseWorkers',
  'extend',
  'remainingMs',
  'connect',
  'upcoming',
]);
const CRUCIAL = new Set([
  'claim',
  'assign',
  'confirmQueued',
  'add',
  'start',
  'settle',
  'handBack',
  'reap',
  'beginTerm',
  'put',
  'hold',
  'quarantineJobs',
]);

/** These calls change something in their own process. They happen once and in time, or never, if the process dies. */
const LOCAL = new Set(['connect', 'consume', 'subscribe', 'take']);
const BEARABLE = new Set<CallFault>([
  'killed before a call',
  'killed after a call',
  'call slow',
  'reply slow',
  'stopped before a call',
  'stopped after a call',
]);

/**
 * The kinds of faults of a simulation, and their rates. Each seed has only a few kinds: if everything goes wrong at once, little
 * gets far enough to matter.
 */
export class Faults {
  readonly counts: Partial<Record<FaultKind, number>> = {};
  readonly #dice: Dice;
  readonly #kinds: readonly CallFault[];
  readonly #strikes: readonly Strike[];
  readonly #perCall: number;
  readonly #perMessage: number;
  readonly #perPlan: number;
  readonly #broken = new Set<number>();
  /** The average time between two strikes, ms. */
  readonly #strikeEveryMs: number;
  /** Whether faults are over: from then on the cluster must recover. */
  isOver = false;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#kinds = dice.some(CALL_FAULTS, dice.pick([0.15, 0.3, 0.6]));
    this.#strikes = dice.some(STRIKES, dice.pick([0.2, 0.5]));
    this.#perCall = dice.pick([0, 0.005, 0.01, 0.02, 0.04]);
    this.#perMessage = dice.pick([0, 0, 0.1, 0.5]);
    this.#perPlan = dice.pick([0, 0, 0.03, 0.2]);
    this.#strikeEveryMs = dice.pick([700, 1_500, 4_000, 60_000]);
  }

  ofCall(call: string): CallFault | null {
    if (this.isOver) return null;
    const probability = this.#perCall * (FREQUENT.has(call) ? 0.25 : CRUCIAL.has(call) ? 4 : 2);
    if (!this.#dice.happens(probability)) return null;
    const fault = this.#dice.pick(this.#kinds);
    return LOCAL.has(call) && !BEARABLE.has(fault) ? null : fault;
  }

  ofMessage(): (typeof MESSAGE_FAULTS)[number] | null {
    if (this.isOver || !this.#dice.happens(this.#perMessage)) return null;
    return this.#dice.pick(MESSAGE_FAULTS);
  }

  /** Returns whether the trigger of this revision of a job fails when a leader plans it. A revision that failed once always fails. */
  ofPlan(jobId: string, rev: number): boolean {
    if (jobId !== FRAGILE_ID) return false;
    if (!this.isOver && this.#dice.happens(this.#perPlan)) this.#broken.add(rev);
    return this.#broken.has(rev);
  }

  nextStrike(): { readonly kind: Strike; readonly afterMs: number } {
    const kind = this.#dice.pick(this.#strikes);
    return { kind, afterMs: this.#dice.between(1, 2 * this.#strikeEveryMs) };
  }

  count(kind: FaultKind): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }
}
