import { type Formats, WORKER_ALIVE_MS } from '../../format.js';
import type { JoinParams } from '../../ports/ledger.js';
import { showReader } from './lib/readers.js';
import type { StoreState } from './state.js';

/** Registers a worker, and which formats it reads. */
export function join(state: StoreState, formats: Formats, { worker, executors, tasks, event }: JoinParams): void {
  const { workerId, json } = worker;
  showReader(state, formats, `worker ${workerId}`, WORKER_ALIVE_MS);
  if (state.workers.set(workerId, state.upkeepNow())) state.publish(state.now(), event);
  state.workersInfo.set(workerId, json);
  state.joinedAt = state.now();
  for (const executor of executors) for (const task of tasks) state.absent.delete(`${executor} ${task}`);
}
