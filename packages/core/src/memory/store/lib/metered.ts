import type { JobRecord, StoreState } from '../state.js';

/** Notes that the record of a job has replaced another one. Either record can be missing. */
export function meter(state: StoreState, id: string, before: JobRecord | undefined, now: number): void {
  if (isMetered(state.jobs.get(id))) {
    if (state.metered.score(id) === undefined) state.metered.set(id, now);
  } else if (isMetered(before)) {
    state.metered.delete(id);
  }
}

function isMetered(record: JobRecord | undefined): boolean {
  return record?.damaged === false && record.json.startsWith('{"metrics":true');
}
