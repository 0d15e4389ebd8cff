import type { StoreState } from '../state.js';

/** What is kept, as it is, and why. */
interface Aside {
  readonly why: string;
  readonly raw: string | null;
  readonly dueAt?: string;
  readonly fireTime?: string | undefined;
  readonly last?: string | undefined;
}

/** Keeps a record in quarantine as it is, with the reason. What was kept under this name before stays, too. */
export function setAside(state: StoreState, name: string, record: Aside, now: number): void {
  let free = name;
  while (state.quarantine.has(free)) free += `@${now}`;
  const { why, ...rest } = record;
  state.quarantine.set(free, JSON.stringify({ why, at: now, ...rest }));
}
