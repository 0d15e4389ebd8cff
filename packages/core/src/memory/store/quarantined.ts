import { quarantinedOf } from '../../job/quarantined.js';
import type { Quarantined } from '../../ports/job-records.js';
import { byBytes } from '../sorted-set.js';
import type { StoreState } from './state.js';

/** Reads the records in quarantine: the one with a name, or (null) those with the first names. */
export function quarantined(state: StoreState, name: string | null, limit: number): readonly Quarantined[] {
  const names = name === null ? [...state.quarantine.keys()].sort(byBytes) : [name];
  const found = names.flatMap((one) => {
    const json = state.quarantine.get(one);
    return json === undefined ? [] : quarantinedOf(one, json);
  });
  return found.slice(0, limit);
}
