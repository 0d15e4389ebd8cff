import type { Shown } from '@carillon/core/internal';

/** The coordinators that contend for a job store, as one of them saw it last. */
export interface SeenStore {
  readonly jobStore: string;
  readonly coordinators: readonly Shown[];
}

export interface HandingOver {
  readonly jobStore: string;
  readonly heir: string;
  /** How many other leaders could hand one over as well and should first: all at once would be too many. */
  readonly turn: number;
}

/**
 * The job store that a coordinator hands over so that all lead as many as each other, or null. It is handed over only if the heir then
 * still leads fewer than the coordinator did: so each step is to something fairer, and there is a last one, in which those who contend for
 * the same S job stores, C of them, lead at most ceil(S / C) each. While some job store has no leader, all wait for it to have one.
 * @param barred coordinators that did not take what they were to lead
 */
export function fairShare(
  self: string,
  stores: readonly SeenStore[],
  barred: ReadonlySet<string> = new Set(),
): HandingOver | null {
  if (stores.some((store) => leaderOf(store) === undefined)) return null;
  const loads = loadsOf(stores);
  const load = (id: string) => loads.get(id) ?? 0;
  const movable = stores.flatMap((store) => {
    const leader = leaderOf(store) ?? '';
    const heirs = store.coordinators
      .map(({ coordinatorId }) => coordinatorId)
      .filter((id) => load(id) + 2 <= load(leader) && !barred.has(id));
    return heirs.map((heir) => ({ jobStore: store.jobStore, leader, heir }));
  });
  const [own] = movable
    .filter(({ leader }) => leader === self)
    .sort(
      (one, other) =>
        load(one.heir) - load(other.heir) || order(one.heir, other.heir) || order(one.jobStore, other.jobStore),
    );
  if (!own) return null;
  const others = new Set(movable.map(({ leader }) => leader).filter((leader) => leader !== self));
  const before = [...others].filter(
    (leader) => load(leader) > load(self) || (load(leader) === load(self) && leader < self),
  );
  return { jobStore: own.jobStore, heir: own.heir, turn: before.length };
}

/** How many job stores each leads, by the last that it showed anywhere. */
function loadsOf(stores: readonly SeenStore[]): ReadonlyMap<string, number> {
  const newest = new Map<string, Shown>();
  for (const shown of stores.flatMap(({ coordinators }) => coordinators)) {
    const known = newest.get(shown.coordinatorId);
    if (!known || known.number < shown.number) newest.set(shown.coordinatorId, shown);
  }
  return new Map([...newest].map(([id, { leads }]) => [id, leads]));
}

function leaderOf({ coordinators }: SeenStore): string | undefined {
  return coordinators.find(({ isLeader }) => isLeader)?.coordinatorId;
}

function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
