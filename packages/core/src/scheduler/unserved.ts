export const UNSERVED_REASONS = [
  'not_taking',
  'format_not_read',
  'tasks_loading',
  'tasks_not_loaded',
  'not_hearing',
] as const;

/**
 * Why a worker takes no runs of an executor, can run none, or does less. `not_taking`: Redis is not reached, or refuses what the worker
 * asks. `format_not_read`: the job store is written in a format that this release does not read. `tasks_loading`: the module of its tasks
 * has not finished loading in a thread or child process for some seconds. `tasks_not_loaded`: that module could not be loaded; the next run
 * loads it again. `not_hearing`: the connection is lost over which it hears what is published: it takes runs, learns of cancelled ones
 * later, with its heartbeats, and its listeners get no events.
 */
export type UnservedReason = (typeof UNSERVED_REASONS)[number];

/**
 * An executor that a worker is to serve and does not serve at the moment. The worker keeps trying; the entry disappears once it serves the
 * executor.
 */
export interface UnservedExecutor {
  readonly executor: string;
  readonly reason: UnservedReason;
  readonly since: Date;
  /** The last failure, for people. */
  readonly why: string;
}
