import type { EventDraft } from '../event-draft.js';
import type { JobFault, StoredJob } from './jobs.js';

/** A record in quarantine. */
export interface Quarantined {
  readonly name: string;
  readonly why: string;
  readonly at: number | null;
  /** As it was, as far as it is text; null if there was none. */
  readonly raw: string | null;
  /** The key that it was moved to; null if it is kept here. */
  readonly movedTo: string | null;
  /** The job of it, or why it cannot be read now; null if it is of no job. */
  readonly job: StoredJob | JobFault | null;
}

export interface RestoreParams {
  readonly op: string;
  readonly name: string;
  /** Of the job. */
  readonly id: string;
  readonly event: EventDraft;
}

export interface ForgetParams {
  readonly op: string;
  readonly name: string;
  readonly event: EventDraft;
}

/** `gone`: it is not in quarantine. `exists`: a job of its id is there. `unfit`: it is of no job. */
export type RestoreOutcome = 'restored' | 'gone' | 'exists' | 'unfit';
