import { ACTS, type Act } from './audit/acts.js';
import { CALL_FAULTS, FAULT_KINDS, type FaultKind } from './cluster/faults.js';
import { printOfPlay } from './operations/print.js';
import type { Played } from './play.js';

/** The sums of the results of many seeds. */
export class Totals {
  seeds = 0;
  readonly failed: Played[] = [];
  readonly #faults = new Map<FaultKind, number>();
  readonly #acts = new Map<Act, number>();
  readonly #ends = new Map<string, number>();
  #executions = 0;
  #repeated = 0;

  add(played: Played): void {
    const { faults, fires, outcomes, acts, executions, repeated, violations } = played;
    this.seeds += 1;
    if (violations.length > 0) this.failed.push(played);
    for (const kind of FAULT_KINDS) count(this.#faults, kind, faults[kind] ?? 0);
    for (const act of ACTS) count(this.#acts, act, acts[act] ?? 0);
    count(this.#ends, 'executed', outcomes.executed);
    count(this.#ends, 'error', outcomes.error);
    count(this.#ends, 'missed', fires.missed + outcomes.missed);
    count(this.#ends, 'cancelled', outcomes.cancelled);
    count(this.#ends, 'max_instances', outcomes.max_instances);
    count(this.#ends, 'coalesced', fires.coalesced);
    this.#executions += executions;
    this.#repeated += repeated;
  }

  /** The figures, in words. */
  text(seconds: number): string {
    const faults = sum(this.#faults);
    const ofCalls = sum(
      new Map([...this.#faults].filter(([kind]) => (CALL_FAULTS as readonly string[]).includes(kind))),
    );
    return [
      `${this.seeds} seeds in ${seconds.toFixed(0)} s (${((seconds * 1_000) / this.seeds).toFixed(1)} ms each)`,
      `${faults} faults, ${ofCalls} of them around a call:`,
      ...rows(this.#faults),
      `${sum(this.#ends)} fire times checked, each of which ended once:`,
      ...rows(this.#ends),
      'of the runs were, or had:',
      ...rows(this.#acts),
      `${this.#executions} executions, ${this.#repeated} of them repeated`,
      `violations: ${this.failed.length}`,
    ].join('\n');
  }
}

/** How to see a seed fail again, what is wrong, and what happened before. */
export function failureText(
  { seed, violations, transcript, hash }: Played,
  { redis = false, compare = false }: { readonly redis?: boolean; readonly compare?: boolean } = {},
): string {
  const where = `${redis ? ' --redis' : ''}${compare ? ' --compare' : ''}`;
  return [
    ...transcript,
    '',
    `seed ${seed} (transcript ${hash}): ${violations.length} violations`,
    ...violations.slice(0, 10).map((violation) => `  ${violation}`),
    `again: npm run simulate --${where} --seed ${seed} (of play ${printOfPlay()})`,
  ].join('\n');
}

function count<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function sum(counts: ReadonlyMap<unknown, number>): number {
  return [...counts.values()].reduce((total, one) => total + one, 0);
}

function rows(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].map(([key, number]) => `  ${key.padEnd(30)} ${String(number).padStart(9)}`);
}
