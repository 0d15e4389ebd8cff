import { UnknownTaskError } from '../errors.js';
import type { JobRecords } from '../ports/job-records.js';
import { placesOf } from '../run/task-places.js';

/** A task in an executor. */
export interface RequiredTask {
  readonly task: string;
  readonly executor: string;
}

/** Refuses tasks that no living worker can run: one look at the job store for all of them. @throws UnknownTaskError */
export async function requireTasks(records: JobRecords, required: readonly RequiredTask[]): Promise<void> {
  if (required.length === 0) return;
  const look = await records.inspect({ runs: 0, quarantined: 0 });
  for (const { task, executor } of required) {
    const { having, lacking } = placesOf(look, executor, task);
    if (having.length === 0) throw new UnknownTaskError(task, executor, lacking);
  }
}
