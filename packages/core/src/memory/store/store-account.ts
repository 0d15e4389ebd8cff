import type { AccountPage } from '../../ports/job-records.js';
import { since } from './lib/bounded.js';
import type { StoreState } from './state.js';

/** Reads a page of the events of the store as a whole, newest first. */
export function storeAccount(state: StoreState, before: number, limit: number): AccountPage {
  const { accounts } = state;
  const from = since(accounts, '', state.now());
  const entries = accounts.store.toReversed().slice(before, before + limit);
  return { from, entries, cursor: entries.length < limit ? null : String(before + limit) };
}
