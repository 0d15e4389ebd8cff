import type { StoreState } from './state.js';

export function leave(state: StoreState, workerId: string): void {
  state.workers.delete(workerId);
  state.readers.delete(`worker ${workerId}`);
  state.workersInfo.delete(workerId);
}
