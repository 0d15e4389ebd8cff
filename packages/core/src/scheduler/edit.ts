import { ContentionError } from '../errors.js';
import type { Chance } from '../ports/chance.js';
import type { JobChange, JobReading, JobRecords } from '../ports/job-records.js';

const MAX_TRIES = 100;

/**
 * Reads jobs, decides what becomes of them, and writes that under a check that nobody changed them meanwhile: else it
 * reads and decides again. Each failed try means that another change succeeded.
 * @throws ContentionError
 */
export async function edit<Result>(
  records: JobRecords,
  chance: Chance,
  ids: readonly string[],
  decide: (reading: JobReading) => { readonly changes: readonly JobChange[]; readonly result: Result },
): Promise<Result> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const reading = await records.read(ids);
    const { changes, result } = decide(reading);
    if (changes.length === 0) return result;
    const { status } = await records.put({ op: chance.id(), readAt: reading.now, changes });
    if (status === 'done') return result;
  }
  throw new ContentionError(
    `job ${ids
      .map((id) => JSON.stringify(id))
      .join(', ')
      .slice(0, 200)}: changed by others ${MAX_TRIES} times meanwhile; nothing was written: try again`,
  );
}
