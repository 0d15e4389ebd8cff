import type { EventDraft } from '../event-draft.js';
import type { Pending } from './jobs.js';

/** A change of one job, under a check that it is still what was read. */
export interface JobChange {
  readonly id: string;
  /**
   * `rev` and due instant as they were read (`any`: it may have fired since); `unreadable`: its header cannot be read, still; null
   * means no such job, and this tombstone.
   */
  readonly expected:
    | { readonly rev: 'unreadable' }
    | { readonly rev: number; readonly dueAt: number | null | 'any' }
    | { readonly rev: null; readonly tombstone: string | null };
  /** The new record; null if the job and its tombstone are removed, but for the tombstone that it leaves. */
  readonly record: {
    readonly digest: string;
    readonly json: string;
    /** `kept`: whatever it is by now. The store then adds `nextRunTime` to the events, and `first`, the same, to the account's JSON. */
    readonly pending: Pending | null | 'kept';
    /** The trigger or the next run time was set. */
    readonly newGeneration: boolean;
  } | null;
  /** The tombstone that a job leaves if it is removed because it has finished. */
  readonly tombstone?: string;
  /** JSON that the account keeps of the change, an object with members; left out: there was no job. */
  readonly account?: string;
  readonly events: readonly EventDraft[];
}

export interface PutParams {
  /** Names this call, so that a repeated one is recognized. */
  readonly op: string;
  /** The store's time at which the jobs were read. */
  readonly readAt: number;
  /** New jobs are added all together or not at all; of jobs that exist, each change is made by itself. No id comes twice. */
  readonly changes: readonly JobChange[];
}

/**
 * `done`: `left` are the places of the changes that were not made, because their job is no longer what was read.
 * `changed`: one that was to be new is there, or its tombstone is another; nothing was written. `stale`: the jobs were read too
 * long ago; nothing was written.
 */
export type PutOutcome =
  | { readonly status: 'done'; readonly left: readonly number[] }
  | { readonly status: 'changed' | 'stale' };
