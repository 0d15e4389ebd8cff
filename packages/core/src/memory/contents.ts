import type { StoreState } from './store/state.js';

/** The contents of a job store, for tests that check whether they are consistent. Instants are ms of the store's clock. */
export interface Contents {
  /** The leader's lock; null if it was never held, or was released. */
  readonly lock: { readonly value: string; readonly expiresAt: number } | null;
  readonly paused: boolean;
  /** When each job that is not paused is due. */
  readonly schedule: ReadonlyMap<string, number>;
  /** Until when clients that change jobs keep them from firing. */
  readonly held: ReadonlyMap<string, number>;
  /** The count of live runs, by job. */
  readonly instances: ReadonlyMap<string, number>;
  /**
   * The ledger, by run: its job (null if it has none), the delivery under which it is to be started, the token of the start that holds it, and
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
  /** Runs whose body is stored, which their workers need. */
  readonly bodies: ReadonlySet<string>;
  /** Runs that have reported their progress. */
  readonly progress: ReadonlySet<string>;
  /** For jobs whose overlap is not `skip`: when each of their live runs was admitted, by job and run. */
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
