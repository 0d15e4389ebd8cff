import { StaleRevisionError } from '../errors.js';
import type { JobFault, StoredJob } from '../ports/job-records.js';

/** @param ifRevision null: there is no job of this id. @throws StaleRevisionError */
export function requireFound(
  id: string,
  jobStore: string,
  stored: StoredJob | JobFault | null,
  ifRevision: number | null,
): void {
  const rev = stored?.rev ?? null;
  if (rev !== ifRevision) throw new StaleRevisionError(id, jobStore, rev, ifRevision);
}

/** @param ifRevision undefined: any. @throws StaleRevisionError */
export function requireRevision(
  { id, rev }: StoredJob | JobFault,
  jobStore: string,
  ifRevision: number | undefined,
): void {
  if (ifRevision !== undefined && rev !== ifRevision) throw new StaleRevisionError(id, jobStore, rev, ifRevision);
}
