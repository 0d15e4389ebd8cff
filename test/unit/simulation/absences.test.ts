import { expect, test } from 'vitest';
import { Absences } from '../../simulation/audit/absences.js';
import type { Effect } from '../../simulation/audit/effect.js';

const LEASE_MS = 1_500;
const worker = {
  workerId: 'has-it',
  json: JSON.stringify({ executors: [{ alias: 'default' }], tasks: ['beta'], leaseMs: LEASE_MS }),
};

/** Returns the auditor's faults: the worker that has the task leaves, its heartbeat arrives, and another worker sees no worker with the task. */
function faultsAfter(heartbeat: { readonly isKnown: boolean }): readonly string[] {
  const faults: string[] = [];
  const around = { patienceMs: 60_000, wasStruck: () => false, lacks: () => true };
  const absences = new Absences(
    (what) => faults.push(what),
    () => {},
    around,
  );
  const effect = (at: number, params: unknown, answer: unknown = null): Effect => {
    return { at, process: 'other', call: '', isLate: false, params, asked: null, answer, failed: false, events: [] };
  };
  absences.join(effect(0, { worker, executors: ['default'], tasks: ['beta'] }));
  absences.gone(['has-it']);
  absences.heartbeat(
    effect(100, { worker, leaseMs: LEASE_MS, held: [] }, { ...heartbeat, refused: [], cancelled: [] }),
  );
  const seen = { executor: 'default', task: 'beta', isThere: false, forgetMs: 60_000, lookedAt: 2_000 };
  absences.noted(effect(2_000, seen, 1_000));
  return faults;
}

test('a heartbeat that arrives after its worker has left does not bring it back', () => {
  expect(faultsAfter({ isKnown: false })).toEqual([]);
});

test('a worker that beats and is known has its tasks', () => {
  expect(faultsAfter({ isKnown: true })).toEqual([
    'other sees no worker that has default beta, but worker has-it lives and has it',
  ]);
});
