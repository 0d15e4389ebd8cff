import { canPass, type LifeState, lifeStateOf } from '@carillon/core/internal';
import type { Contents } from '@carillon/core/memory';
import type { Fault } from './effect.js';

/** Compares every run, after every call, with the table of run states and with what the call may do to it. */
export class Lives {
  readonly #fault: Fault;
  /** States of runs that are in some key. */
  #states: ReadonlyMap<string, LifeState | null> = new Map();

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  check(call: string, contents: Contents): void {
    const script = call.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const states = statesIn(contents);
    for (const [runId, to] of states) {
      const from = this.#states.get(runId) ?? null;
      if (to === null) this.#fault(`run ${runId}: what is held of it after ${call} is not a state of its life`);
      else if (from !== to && !canPass(from, to, script))
        this.#fault(`run ${runId}: ${call} may not bring it from ${from ?? 'nothing'} to ${to}`);
    }
    for (const [runId, from] of this.#states) {
      if (!states.has(runId) && from !== null && !canPass(from, 'ended', script))
        this.#fault(`run ${runId}: ${call} may not end it where it is ${from}`);
    }
    this.#states = states;
  }
}

function statesIn(contents: Contents): ReadonlyMap<string, LifeState | null> {
  const { runs, bodies, progress, outbox, leases } = contents;
  const waiting = new Set(contents.waiting.values());
  const runIds = new Set([runs, bodies, progress, outbox, leases, waiting].flatMap((ofKey) => [...ofKey.keys()]));
  return new Map(
    [...runIds].map((runId) => {
      const run = runs.get(runId);
      const held = {
        runs: run !== undefined,
        bodies: bodies.has(runId),
        waiting: waiting.has(runId),
        outbox: outbox.has(runId),
        leases: leases.has(runId),
        progress: progress.has(runId),
        delivery: (run?.deliveryId ?? null) !== null,
        token: (run?.token ?? null) !== null,
      };
      return [runId, lifeStateOf(held)];
    }),
  );
}
