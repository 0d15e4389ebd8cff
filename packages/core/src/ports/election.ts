/** Contends for the leadership of one job store. */
export interface Election {
  /** The lock, or null if another holds it. */
  acquire(): Promise<Lock | null>;
  /** Milliseconds until the lock that another holds expires; 0 if it is free; Infinity: it is not a lock of ours, and never expires. */
  remainingMs(): Promise<number>;
}

/** A lock that was won. A lock alone does not lead: a term begins with its epoch (`TermStore.beginTerm`). */
export interface Lock {
  /** Names this holding of the lock. */
  readonly value: string;
  /** When it ends unless extended, by the contender's own clock, ms. */
  readonly expiresAt: number;
  /** @throws if the lock was lost, or could not be extended in time. */
  extend(): Promise<void>;
  release(): Promise<void>;
}
