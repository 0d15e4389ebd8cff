import type { Outage } from '@carillon/core/internal';

/**
 * Why a coordinator does not fully serve a job store. `not_contending`: Redis is not reached, or refuses what the coordinator asks.
 * `format_not_read`: the job store is written in a format that this release does not read. `lock_not_ours`: the key `leader` of the job
 * store never expires, so that no coordinator can lead it: delete it. `not_firing`: the coordinator leads it, and its steps fail, or Redis
 * has reached its `maxmemory`. `not_hearing`: the connection is lost over which it hears what is published: it contends and fires; what was
 * just added may fire up to a second late.
 */
export type UnservedJobStoreReason =
  | 'not_contending'
  | 'format_not_read'
  | 'lock_not_ours'
  | 'not_firing'
  | 'not_hearing';

/**
 * A job store that a coordinator does not serve at the moment. The coordinator keeps trying; the entry disappears once it serves the job
 * store.
 */
export interface UnservedJobStore {
  readonly jobStore: string;
  readonly reason: UnservedJobStoreReason;
  readonly since: Date;
  /** The last failure, for people. */
  readonly why: string;
}

export interface Unserved extends Outage {
  readonly reason: UnservedJobStoreReason;
}
