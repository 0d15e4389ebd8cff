import type { AccountLimits } from '../job/account-limits.js';
import type { EventDraft } from './event-draft.js';

/** What a coordinator shows of itself. */
export interface Showing {
  readonly coordinatorId: string;
  /** For how long it is taken for alive, ms. */
  readonly aliveMs: number;
  /** Numbers what it shows, in all of its job stores alike: the highest is the newest. */
  readonly number: number;
  /** How many job stores it leads. */
  readonly leads: number;
  /** The epoch of its term in this job store; null if it does not lead it. */
  readonly epoch: number | null;
  /** What marked the birth of the store when it was last seen; null if it was not seen yet. */
  readonly born: string | null;
  /** How much the accounts keep of jobs that do not set it themselves. The leader's value counts. null, or left out: the defaults. */
  readonly account?: AccountLimits | null;
  /** Published if the store was emptied since. */
  readonly emptied: EventDraft;
}

/** What a coordinator learns of a job store. */
export interface Seen {
  /** Marks the birth of the store: another one, once it was emptied. */
  readonly born: string;
  /** All that are alive. */
  readonly coordinators: readonly Shown[];
}

export interface Shown {
  readonly coordinatorId: string;
  readonly number: number;
  readonly leads: number;
  /** It leads this job store: its term is the last one, and the lock is held. */
  readonly isLeader: boolean;
}

/** The coordinators that contend for one job store, as they know of each other. */
export interface Contenders {
  /** Shows this one, and returns all that are alive, this one among them. The first one that finds the store emptied publishes that. */
  show(showing: Showing): Promise<Seen>;
  /** Reports which formats this one reads, before it contends. Rejects with a `FormatTooNewError` if it would not be served. */
  say(reader: Pick<Showing, 'coordinatorId' | 'aliveMs'>): Promise<void>;
  /** This one contends no more. */
  leave(coordinatorId: string): Promise<void>;
}
