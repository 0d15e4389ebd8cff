import { type Formats, WORKER_ALIVE_MS } from '../../format.js';
import type { HeartbeatParams, HeldRun, JoinParams } from '../../ports/ledger.js';
import { showReader } from './readers.js';
import type { StoreState } from './state.js';

const MOST_LOST_AT_ONCE = 100;

/** Makes a worker known, and what it reads. */
export function join(state: StoreState, formats: Formats, { worker, executors, tasks, event }: JoinParams): void {
  const { workerId, json } = worker;
  showReader(state, formats, `worker ${workerId}`, WORKER_ALIVE_MS);
  if (state.workers.set(workerId, state.upkeepNow()))
    state.publish(state.now(), { type: 'worker_joined', body: event.body });
  state.workersInfo.set(workerId, json);
  for (const executor of executors) for (const task of tasks) state.absent.delete(`${executor} ${task}`);
}

export function leave(state: StoreState, workerId: string): void {
  state.workers.delete(workerId);
  state.readers.delete(`worker ${workerId}`);
  state.workersInfo.delete(workerId);
}

/** Renews a worker's leases, shows that it lives and what it reads. Answers which runs it holds no longer, and which are to be cancelled. */
export function heartbeat(state: StoreState, formats: Formats, { worker, leaseMs, held }: HeartbeatParams) {
  const now = state.upkeepNow();
  showReader(state, formats, `worker ${worker.workerId}`, WORKER_ALIVE_MS);
  state.workers.set(worker.workerId, now);
  state.workersInfo.set(worker.workerId, worker.json);
  const refused: string[] = [];
  const cancelled: string[] = [];
  for (const { runId, token } of held) {
    const run = state.run(runId);
    if (run?.token !== token) {
      refused.push(runId);
      continue;
    }
    state.leases.set(runId, now + leaseMs);
    if (run.cancelled) cancelled.push(runId);
  }
  return { refused, cancelled };
}

/** Gives runs back unfinished, to be delivered again after a delay; one that is to be cancelled, without a delay. */
export function handBack(state: StoreState, held: readonly HeldRun[], delayMs: number): void {
  const now = state.now();
  for (const { runId, token } of held) {
    const run = state.run(runId);
    if (!run || (run.token ?? run.deliveryId) !== token) continue;
    const from = run.cancelled ? now : now + delayMs;
    state.runs.set(runId, { ...run, deliveryId: null, token: null });
    state.leases.delete(runId);
    state.outbox.set(runId, from);
    state.wake(from);
  }
}

/** Forgets workers that have been silent for too long. Answers which. */
export function loseWorkers(state: StoreState, silentMs: number): readonly string[] {
  const now = state.now();
  const lost = state.workers.upTo(state.upkeepNow() - silentMs, MOST_LOST_AT_ONCE);
  for (const workerId of lost) {
    leave(state, workerId);
    const body = `"jobStore":${JSON.stringify(state.alias)},"workerId":${JSON.stringify(workerId)}`;
    state.publish(now, { type: 'worker_lost', body });
  }
  return lost;
}
