import type { StoreState } from './state.js';

/** Makes a job store known among those that there are, or forgets it. */
export function register(state: StoreState, aliases: Set<string>, known: boolean): void {
  if (known) aliases.add(state.alias);
  else aliases.delete(state.alias);
}
