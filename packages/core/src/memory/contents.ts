import type { StoreState } from './store/state.js';

/** What a job store holds, for tests that check that it adds up. Instants are ms of the store's clock. */
export interface Contents {
  /** The leader's lock; null if it was never held, or it was released. */
  readonly lock: { readonly value: string; readonly expiresAt: number } | null;
  readonly paused: boolean;
  /** When each job that is not paused is due. */
  readonly schedule: ReadonlyMap<string, number>;
  /** Until when jobs are kept from firing, by those who change them. */
  readonly held: ReadonlyMap<string, number>;
  /** Live runs by job, as they are counted. */
  readonly instances: ReadonlyMap<string, number>;
  /**
   * The ledger: by run, its job (null: of none), the delivery that it is to be started under, the token of the start that holds it, and
   * whether it is to be cancelled.
   */
  readonly runs: ReadonlyMap<
    string,
    {
      readonly jobId: string | null;
      readonly deliveryId: string | null;
      readonly token: string | null;
      readonly cancelled: boolean;
    }
  >;
  /** Runs whose workers would find what they need. */
  readonly bodies: ReadonlySet<string>;
  /** Runs that have said how far they are. */
  readonly progress: ReadonlySet<string>;
  /** Of jobs whose overlap is not `skip`: when each of their live runs was admitted, by job and run. */
  readonly live: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** By job, the run that waits for an instance. */
  readonly waiting: ReadonlyMap<string, string>;
  readonly outbox: ReadonlyMap<string, number>;
  readonly leases: ReadonlyMap<string, number>;
}

export function contentsOf(state: StoreState): Contents {
  const { lock, paused, schedule, held, instances, runs, progress, live, waiting, outbox, leases } = state;
  return {
    lock,
    paused,
    held,
    instances,
    runs,
    bodies: new Set(runs.keys()),
    progress: new Set(progress.keys()),
    live: new Map([...live].map(([jobId, ofJob]) => [jobId, ofJob.scores])),
    waiting,
    schedule: schedule.scores,
    outbox: outbox.scores,
    leases: leases.scores,
  };
}
