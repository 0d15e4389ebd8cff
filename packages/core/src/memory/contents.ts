import type { StoreState } from './store/state.js';

/** What a job store holds, for whoever checks that it adds up. Instants are ms of the store's clock. */
export interface Contents {
  /** The leader's lock; null: nobody ever held it, or it was released. */
  readonly lock: { readonly value: string; readonly expiresAt: number } | null;
  readonly paused: boolean;
  /** When each job that is not paused is due. */
  readonly schedule: ReadonlyMap<string, number>;
  /** Live runs by job, as they are counted. */
  readonly instances: ReadonlyMap<string, number>;
  /** The ledger: by run, its job (null: of none) and the token of the start that holds it. */
  readonly runs: ReadonlyMap<string, { readonly jobId: string | null; readonly token: string | null }>;
  readonly outbox: ReadonlyMap<string, number>;
  readonly leases: ReadonlyMap<string, number>;
}

export function contentsOf({ lock, paused, schedule, instances, runs, outbox, leases }: StoreState): Contents {
  return {
    lock,
    paused,
    instances,
    runs,
    schedule: schedule.scores,
    outbox: outbox.scores,
    leases: leases.scores,
  };
}
