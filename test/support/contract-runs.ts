import type { LiveRun, NewRun, Settlement, SettleOutcome, StartOutcome } from '@carillon/core/internal';
import type { TestedStore } from './contract.js';
import { deliver, op } from './contract-records.js';

export const LEASE_MS = 100;

export const submit = ({ store }: TestedStore, run: NewRun) => store.records.submit({ op: op(), run });

export const cancel = ({ store }: TestedStore, ...runIds: string[]) => store.records.cancel({ op: op(), runIds });

/** Starts a run of a delivery. A run that loses a second worker is lost. */
export async function start(
  { store }: TestedStore,
  runId: string,
  deliveryId: string,
  token = 't',
): Promise<StartOutcome | undefined> {
  const call = { deliveryId, runIds: [runId], token, workerId: 'w', leaseMs: LEASE_MS, maxWorkerLosses: 1 };
  return (await store.ledger.start(call))[0];
}

/** Enters a run, has it delivered and started, and answers the delivery's id. */
export async function running(contract: TestedStore, epoch: number, run: NewRun, token = 't'): Promise<string> {
  const deliveryId = await deliver(contract, epoch, run);
  const outcome = await start(contract, run.runId, deliveryId, token);
  if (outcome?.status !== 'started') throw new Error(`run ${run.runId} is ${outcome?.status}`);
  return deliveryId;
}

/** What a worker says of one execution. */
export function settlement(runId: string, outcome: Settlement['outcome'], more: Partial<Settlement> = {}): Settlement {
  const type = outcome === 'retry' ? 'job_retrying' : `job_${outcome}`;
  const event = { type, body: `"jobStore":"default","of":${JSON.stringify(runId)}` };
  return { runId, token: 't', index: 0, outcome, event, ...(outcome === 'retry' ? { delayMs: 1_000 } : {}), ...more };
}

export const settle = ({ store }: TestedStore, ...settlements: Settlement[]): Promise<readonly SettleOutcome[]> =>
  store.ledger.settle({ op: op(), settlements });

/** Where runs are, in the order of their ids; null: not owed. */
export async function states({ store }: TestedStore, ...runIds: string[]): Promise<(LiveRun['state'] | null)[]> {
  return (await store.records.runs(runIds)).map(({ live }) => live?.state ?? null);
}

/** Fires of these times, due then. */
export const firesAt = (...times: number[]): NewRun['fires'] =>
  times.map((fireTime) => ({ fireTime, dueAt: fireTime }));
