import { type HeldRun, keepTrying, type LedgerRun, StoreRefusalError, upkeepOf } from '@carillon/core/internal';
import type { HeldRuns } from './held-runs.js';
import type { Hold } from './hold.js';
import type { RunWorkParts } from './run-work.js';

const MAX_WORKER_LOSSES = 3;

export interface DeliveryStartsParts extends Pick<RunWorkParts, 'ledger' | 'clock' | 'jobStore' | 'report'> {
  readonly workerId: string;
  readonly held: HeldRuns;
  readonly leaseMs: number;
  /** Aborted: nothing more begins. */
  readonly closing: AbortSignal;
}

/** A run that was started in the ledger, and whose task was not called yet. */
export interface Ready {
  readonly run: LedgerRun;
  readonly hold: Hold;
}

/** Under which its runs are started. */
interface Start {
  readonly deliveryId: string;
  readonly token: string;
}

/** Starts runs of a delivery in the ledger. Returns those that this worker holds then. */
export async function startRuns(
  parts: DeliveryStartsParts,
  { deliveryId, token }: Start,
  runIds: readonly string[],
): Promise<Ready[]> {
  const { ledger, held, clock, workerId, leaseMs, jobStore, report } = parts;
  const askedAt = upkeepOf(clock).now();
  const maxWorkerLosses = MAX_WORKER_LOSSES;
  const outcomes = await ledger.start({ deliveryId, runIds, token, workerId, leaseMs, maxWorkerLosses });
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'started') {
      const { run } = outcome;
      const { runId, executor } = run;
      return { run, hold: held.take({ runId, executor, token, deliveryId, askedAt }) };
    }
    if (outcome.status === 'newer') report({ kind: 'record_newer', jobStore, record: 'run', id: outcome.runId });
    if (outcome.status === 'unreadable') {
      report({ kind: 'record_unreadable', jobStore, id: outcome.runId, why: 'its header cannot be read' });
    }
    return [];
  });
}

/** Hands runs of a delivery back, for other workers: tries again until the job store answers. Never rejects. */
export async function handBack(
  parts: DeliveryStartsParts,
  deliveryId: string,
  held: readonly HeldRun[],
): Promise<void> {
  if (held.length === 0) return;
  const { ledger, clock, report, closing } = parts;
  const once = () =>
    ledger.handBack({ held }).catch((error) => {
      if (!(error instanceof StoreRefusalError) && !closing.aborted) throw error;
      reportFailure(parts, deliveryId, error);
    });
  if (closing.aborted) await once();
  else await keepTrying(once, clock, report, closing);
}

export function reportFailure({ jobStore, report }: DeliveryStartsParts, deliveryId: string, error: unknown): void {
  report({ kind: 'delivery_failed', jobStore, deliveryId, error });
}
