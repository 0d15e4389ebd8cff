export const UNSERVED_REASONS = [
  'not_taking',
  'format_not_read',
  'tasks_loading',
  'tasks_not_loaded',
  'not_hearing',
] as const;

/**
 * Why a worker does not serve an executor, or does not serve it fully. `not_taking`: Redis cannot be reached, or refuses the commands
 * of the worker. `format_not_read`: this release cannot read the format of the job store. `tasks_loading`: a thread or child process
 * has been loading the module of the tasks for some seconds. `tasks_not_loaded`: that module could not be loaded; the next run loads it
 * again. `not_hearing`: the connection for events is lost: the worker takes runs, learns of cancelled runs only with its heartbeats,
 * and its listeners get no events.
 */
export type UnservedReason = (typeof UNSERVED_REASONS)[number];

/**
 * An executor that a worker should serve and does not serve at the moment. The worker keeps trying; the entry disappears once it serves
 * the executor.
 */
export interface UnservedExecutor {
  readonly executor: string;
  readonly reason: UnservedReason;
  readonly since: Date;
  /** The last failure, as a text for people. */
  readonly why: string;
}
