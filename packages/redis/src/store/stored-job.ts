import { type JobFault, type StoredJob, storedJobOf } from '@carillon/core/internal';
import type { Reply } from './scripts.js';

/** Reads a job from what scripts return of it: its record, due instant, and fire time if jitter makes it differ. null: there is none. */
export function readStoredJob(
  id: string,
  reply: Reply,
  last: 'with last' | 'without last',
): StoredJob | JobFault | null {
  const [raw, due, fire] = [reply.textOrNull(), reply.textOrNull(), reply.textOrNull()];
  return storedJobOf(id, { raw, due, fire, last: last === 'with last' ? reply.textOrNull() : null });
}
