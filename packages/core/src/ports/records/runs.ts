import type { AskedBy } from '../../by.js';
import type { LedgerRun, NewRun } from '../ledger.js';

export interface SubmitParams {
  readonly op: string;
  readonly run: NewRun;
  /** When the store's clock was read for this call, ms; left out: the call has no limit. */
  readonly readAt?: number | undefined;
  /** A window in which a run is entered once; left out: there is none. */
  readonly dedupe?: DedupeWindow | undefined;
}

/** While the window of its key is open, no other run is entered under it. */
export interface DedupeWindow {
  readonly key: string;
  /** How long it is open, from when a run was entered under it. */
  readonly forMs: number;
}

/**
 * The result of a submission. `duplicateOf`: nothing was entered, the window is of this run. `stale`: nothing was entered now, because the
 * store's clock was read more than 10 s before. If the call was sent before and its reply was lost, it may have entered the run then.
 */
export type SubmitOutcome = 'submitted' | 'waiting' | 'max_instances' | 'stale' | { readonly duplicateOf: string };

export interface CancelParams {
  readonly op: string;
  readonly runIds: readonly string[];
  /** The actor of the call, and the reason: the events of these runs have them, whichever process ends them. */
  readonly by?: AskedBy | undefined;
}

/** `cancelled`: it has ended. `cancelling`: its worker will end it. `unknown`: no such run is owed. */
export type CancelOutcome = 'cancelled' | 'cancelling' | 'unknown';

/** What is known of a run. */
export interface RunReading {
  /** null if it is not owed. */
  readonly live: LiveRun | null;
  /** What was settled of it, oldest first, as it was published; empty: nothing, or it is not kept any more. */
  readonly outcomes: readonly string[];
  /** The run in which it was run again; null if there is none, or it is still owed. */
  readonly retriedAs: string | null;
}

export interface LiveRun {
  readonly run: LedgerRun;
  /** `waiting`: for an instance. `scheduled`: for when it is due. `queued`: for a worker. `retrying`: for its time to be tried again. */
  readonly state: 'waiting' | 'scheduled' | 'queued' | 'running' | 'retrying';
  /** When it will be delivered, ms, if it is `scheduled` or `retrying`. */
  readonly notBefore: number | null;
  /** JSON that its worker reported last. */
  readonly progress: string | null;
}
