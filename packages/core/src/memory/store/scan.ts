import type { RunRecord } from './lib/record.js';
import type { StoreState } from './state.js';

/** Reads a page of the ledger, from a cursor on. The last page has the cursor `'0'`. */
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
