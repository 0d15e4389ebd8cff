import type { StoreState } from '../state.js';

/** A record for the quarantine, as it is, and the reason. */
interface Aside {
  readonly why: string;
  readonly raw: string | null;
  readonly dueAt?: string;
  readonly fireTime?: string | undefined;
  readonly last?: string | undefined;
}

/** Keeps a record in quarantine as it is, with the reason. An earlier record under the same name stays there too. */
export function setAside(state: StoreState, name: string, record: Aside, now: number): void {
  let free = name;
  while (state.quarantine.has(free)) free += `@${now}`;
  const { why, ...rest } = record;
  state.quarantine.set(free, JSON.stringify({ why, at: now, ...rest }));
}
