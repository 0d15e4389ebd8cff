import type { ErrorInfo, LiveRun, NewRun, Settlement, SettleOutcome, StartOutcome } from '@carillon/core/internal';
import type { TestedStore } from './contract.js';
import { deliver, deliverAll, op } from './contract-records.js';

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

/** Enters, delivers and starts a run, and returns the delivery's id. */
export async function running(contract: TestedStore, epoch: number, run: NewRun, token = 't'): Promise<string> {
  const deliveryId = await deliver(contract, epoch, run);
  const outcome = await start(contract, run.runId, deliveryId, token);
  if (outcome?.status !== 'started') throw new Error(`run ${run.runId} is ${outcome?.status}`);
  return deliveryId;
}

/** Delivers and starts a run that was entered. */
export async function deliverAndStart(contract: TestedStore, epoch: number, runId: string, token = 't'): Promise<void> {
  const deliveries = await deliverAll(contract, epoch);
  const outcome = await start(contract, runId, deliveries.get(runId) ?? '', token);
  if (outcome?.status !== 'started') throw new Error(`run ${runId} is ${outcome?.status}`);
}

/** What a worker reports of an execution in addition to its outcome. */
interface Report {
  readonly jobId?: string | null;
  readonly token?: string;
  readonly index?: number;
  readonly fireTime?: number;
  readonly last?: NonNullable<Settlement['last']>;
  readonly value?: string;
  readonly error?: ErrorInfo;
  readonly delayMs?: number;
  readonly retryAt?: number;
}

/** What a worker reports of one execution. Fires are a second apart. */
export function settlement(runId: string, outcome: Settlement['outcome'], report: Report = {}): Settlement {
  const { jobId = null, token = 't', index = 0, fireTime = 1_000 * (index + 1), last, value = 'null' } = report;
  const { error = { name: 'Error', message: 'no' }, retryAt, delayMs = 1_000 } = report;
  const run = { runId, jobId, task: 't', executor: 'default' };
  const about = { run, token, index, fireTime, ...(last && { last }) };
  if (outcome === 'executed') return { ...about, outcome, value };
  if (outcome === 'error') return { ...about, outcome, error };
  if (outcome === 'cancelled') return { ...about, outcome };
  return { ...about, outcome, attempt: 1, error, ...(retryAt === undefined ? { delayMs } : { retryAt }) };
}

/** The fields of the run and the execution in an execution's event. */
export function executionOf(runId: string, index = 0) {
  return { jobId: null, runId, executionId: `${runId}.${index}`, scheduledRunTime: 1_000 * (index + 1) };
}

export const settle = ({ store }: TestedStore, ...settlements: Settlement[]): Promise<readonly SettleOutcome[]> =>
  store.ledger.settle({ op: op(), settlements });

/** Returns the states of runs in the order of their ids; null if a run is not owed. */
export async function states({ store }: TestedStore, ...runIds: string[]): Promise<(LiveRun['state'] | null)[]> {
  return (await store.records.runs(runIds)).map(({ live }) => live?.state ?? null);
}

/** Fires that are due at their fire times. */
export const firesAt = (...times: number[]): NewRun['fires'] =>
  times.map((fireTime) => ({ fireTime, dueAt: fireTime }));
