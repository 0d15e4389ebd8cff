import type { Formats } from '../../format.js';
import { forgetWorker } from './lib/workers.js';
import type { StoreState } from './state.js';

/** Forgets a worker that was stopped. A worker that does not read the format was not served: only the formats that it reads are forgotten. */
export function leave(state: StoreState, { newest }: Formats, workerId: string): void {
  if ((state.format?.format ?? 0) > newest) state.readers.delete(`worker ${workerId}`);
  else forgetWorker(state, workerId, 'stopped');
}
