import type { RunRecord } from './lib/record.js';
import type { StoreState } from './state.js';

/** A page of the ledger, from a cursor on. The last one ends with `'0'`. */
export function scan(
  state: StoreState,
  limit: number,
  cursor: string,
): { readonly page: readonly RunRecord[]; readonly cursor: string } {
  const from = Number(cursor);
  const page: RunRecord[] = [];
  for (const run of state.runs.values()) {
    if (run.order <= from) continue;
    page.push(run);
    if (page.length === limit) return { page, cursor: String(run.order) };
  }
  return { page, cursor: '0' };
}
