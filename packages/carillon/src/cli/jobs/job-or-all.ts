import { UsageError } from '../exit-codes.js';

/** What `pause` and `resume` are about: one job, or (null) the whole job store. @throws UsageError */
export function jobOrAll(id: string | undefined, all: boolean | undefined): string | null {
  if (id !== undefined && !all) return id;
  if (id === undefined && all) return null;
  throw new UsageError("give a job's id, or --all for the whole job store");
}
