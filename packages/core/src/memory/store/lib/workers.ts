import type { WorkerLeftEvent } from '../../../event/events.js';
import type { StoreState } from '../state.js';

/** Takes a worker from those that are known. */
export function forgetWorker(state: StoreState, workerId: string, cause: WorkerLeftEvent['cause']): void {
  state.workersInfo.delete(workerId);
  state.readers.delete(`worker ${workerId}`);
  if (!state.workers.delete(workerId)) return;
  const [jobStore, id] = [JSON.stringify(state.alias), JSON.stringify(workerId)];
  state.publish(state.now(), {
    type: 'worker_left',
    body: `"jobStore":${jobStore},"workerId":${id},"cause":"${cause}"`,
  });
}
