import type { StoreState } from './state.js';

/** Adds a job store to the known ones, or removes it. */
export function register(state: StoreState, aliases: Set<string>, known: boolean): void {
  if (known) aliases.add(state.alias);
  else aliases.delete(state.alias);
}
