/** A job store as a whole, as the store tells it. Times are ms of the store's clock. */
export interface StoreLook {
  readonly now: number;
  /** Until when the leader's lock is held; null: nobody leads. */
  readonly ledUntil: number | null;
  /** Of the last term; null: there was none yet. */
  readonly epoch: number | null;
  /** All firing is stopped. */
  readonly paused: boolean;
  readonly counts: StoreCounts;
  /** When the first fire is due; null: none is to come. */
  readonly nextDueAt: number | null;
  /** When the first run in the outbox is to be delivered; null: the outbox is empty. */
  readonly outboxAt: number | null;
  readonly workers: readonly { readonly workerId: string; readonly heardAt: number; readonly json: string | null }[];
  /** Some of the runs that are owed. `label`: what their events tell of them; '' where the record cannot be read. */
  readonly runs: readonly { readonly runId: string; readonly executor: string; readonly label: string }[];
  /** Some of the records in quarantine; `json` holds why, and when they got there. */
  readonly quarantined: readonly { readonly id: string; readonly json: string }[];
}

/** How many entries there are. */
export interface StoreCounts {
  readonly jobs: number;
  /** Jobs that are not paused. */
  readonly schedule: number;
  /** Runs that are owed and not delivered yet. */
  readonly outbox: number;
  /** Runs that are owed. */
  readonly runs: number;
  /** Runs that were started and not settled. */
  readonly leases: number;
  readonly quarantine: number;
}

export interface LookParams {
  /** How many at most. */
  readonly runs: number;
  readonly quarantined: number;
}
