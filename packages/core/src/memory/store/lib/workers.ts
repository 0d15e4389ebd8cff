import { draft } from '../../../event/draft.js';
import type { WorkerLeftEvent } from '../../../event/events.js';
import type { StoreState } from '../state.js';

/** Removes a worker from the known workers. */
export function forgetWorker(state: StoreState, workerId: string, cause: WorkerLeftEvent['cause']): void {
  state.workersInfo.delete(workerId);
  state.readers.delete(`worker ${workerId}`);
  if (!state.workers.delete(workerId)) return;
  state.publish(state.now(), draft(state.alias, 'worker_left', { workerId, cause }));
}
