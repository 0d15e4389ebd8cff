import type { CoordinatorBackend, Formats, JobStore, WorkerBackend } from '@carillon/core/internal';
import type { Damage } from '@carillon/core/memory';

/** One job store of a backend, alone with its test. */
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

/** Several users of one cluster in the time that its locks and leases know, which for Redis is the real one. */
export interface TestedCluster {
  coordinator(): CoordinatorBackend;
  /** `kill` ends it without a word. */
  worker(): { readonly backend: WorkerBackend; readonly kill: () => void };
  pass(ms: number): Promise<void>;
}

/** Where a test uses a backend, alone: nobody else is there. */
export interface Place {
  /** An empty job store whose time begins at `start`, ms, and passes only as the test has it pass. */
  store(start: number): TestedStore;
  cluster(): TestedCluster;
}

export interface TestedBackend<P extends Place = Place> {
  readonly name: string;
  readonly setup: () => P;
  /** Closes what was opened at a place, and removes what was stored there. */
  readonly teardown: (place: P) => Promise<void>;
}

/** The place of one test, and how it is left. */
export interface OpenPlace {
  readonly place: Place;
  readonly leave: () => Promise<void>;
}

const tested = new Map<string, () => OpenPlace>();

/** Has each suite of `test/contract` run over a backend as well: call it in a file of `test/contract/backends`. */
export function testBackend<P extends Place>({ name, setup, teardown }: TestedBackend<P>): void {
  tested.set(name, () => {
    const place = setup();
    return { place, leave: () => teardown(place) };
  });
}

/** Each backend that was named, by its name. */
export function testedBackends(): readonly { readonly name: string; readonly open: () => OpenPlace }[] {
  return [...tested].map(([name, open]) => ({ name, open }));
}
