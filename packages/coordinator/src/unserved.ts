import type { Outage } from '@carillon/core/internal';

/**
 * Why a coordinator does less for a job store than it is to. `not_contending`: Redis is not reached, or refuses what the coordinator
 * asks. `format_not_read`: the job store is written in a format that this release does not read. `lock_not_ours`: the key `leader` of the job store never expires, so that nobody can lead it: delete it. `not_firing`: the
 * coordinator leads it, and its steps fail, or Redis has reached its `maxmemory`. `not_hearing`: the connection is lost over which it
 * hears what is published: it contends and fires, what was just added up to a second late.
 */
export type UnservedJobStoreReason =
  | 'not_contending'
  | 'format_not_read'
  | 'lock_not_ours'
  | 'not_firing'
  | 'not_hearing';

/** A job store that a coordinator does not serve just now. The coordinator goes on trying: once it serves it, this is gone. */
export interface UnservedJobStore {
  readonly jobStore: string;
  readonly reason: UnservedJobStoreReason;
  readonly since: Date;
  /** What was tried, and failed, last; for people. */
  readonly why: string;
}

export interface Unserved extends Outage {
  readonly reason: UnservedJobStoreReason;
}
