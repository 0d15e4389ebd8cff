import type { CoordinatorBackend, Formats, JobStore, WorkerBackend } from '@carillon/core/internal';
import type { Damage } from '@carillon/core/memory';

/** One job store of a backend, which one test uses alone. */
export interface TestedStore {
  readonly backend: CoordinatorBackend;
  readonly store: JobStore;
  /** The same store, for a member that reads other formats than those of this release. */
  seenBy(formats: Formats): JobStore;
  /** The store's time, ms. */
  readonly now: number;
  /** Lets the store's time pass. */
  pass(ms: number): Promise<void>;
  /** Makes a record unreadable, or as a newer release would write it. */
  damage(kind: Damage, id: string): Promise<void>;
}

/** Several users of one cluster, in the time of its locks and leases, which for Redis is real time. */
export interface TestedCluster {
  coordinator(): CoordinatorBackend;
  /** `kill` ends it silently. */
  worker(): { readonly backend: WorkerBackend; readonly kill: () => void };
  pass(ms: number): Promise<void>;
}

/** Where one test uses a backend alone. */
export interface Place {
  /** An empty job store whose time begins at `start`, ms, and passes only when the test calls `pass`. */
  store(start: number): TestedStore;
  cluster(): TestedCluster;
}

export interface TestedBackend<P extends Place = Place> {
  readonly name: string;
  readonly setup: () => P;
  /** Closes what was opened at a place, and removes what was stored there. */
  readonly teardown: (place: P) => Promise<void>;
}

/** The place of one test, and the function that closes and cleans it. */
export interface OpenPlace {
  readonly place: Place;
  readonly leave: () => Promise<void>;
}

const tested = new Map<string, () => OpenPlace>();

/** Adds a backend to those that each suite of `test/contract` tests: call it in a file of `test/contract/backends`. */
export function testBackend<P extends Place>({ name, setup, teardown }: TestedBackend<P>): void {
  tested.set(name, () => {
    const place = setup();
    return { place, leave: () => teardown(place) };
  });
}

/** Returns each backend that was added, with its name. */
export function testedBackends(): readonly { readonly name: string; readonly open: () => OpenPlace }[] {
  return [...tested].map(([name, open]) => ({ name, open }));
}
