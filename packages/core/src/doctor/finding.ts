/** A fault, or a possible one, and what to do about it. Codes keep their meaning. */
export interface Finding {
  /** `error`: jobs do not run, or are lost, until an operator acts. */
  readonly level: 'error' | 'warning';
  readonly code: FindingCode;
  /** null if it is about the server. */
  readonly jobStore: string | null;
  readonly finding: string;
  readonly whatToDo: string;
}

export type FindingCode =
  | 'redis_too_old'
  | 'redis_is_replica'
  | 'redis_evicts'
  | 'redis_memory_nearly_full'
  | 'redis_clients_nearly_full'
  | 'redis_not_persistent'
  | 'redis_snapshots_only'
  | 'redis_saving_fails'
  | 'clock_differs'
  | 'clock_went_back'
  | 'format_not_read'
  | 'format_too_new'
  | 'format_held_down'
  | 'job_store_unknown'
  | 'no_leader'
  | 'paused'
  | 'overdue'
  | 'no_workers'
  | 'worker_silent'
  | 'executor_unserved'
  | 'worker_serves_less'
  | 'task_nowhere'
  | 'task_not_everywhere'
  | 'arguments_refused'
  | 'outbox_not_empty'
  | 'quarantine_not_empty'
  | 'jobs_unreadable'
  | 'jobs_newer'
  | 'runs_waiting'
  | 'slots_full'
  | 'concurrency_limit_reached'
  | 'rate_limit_reached'
  | 'instances_held';

/** A healthy cluster claims due jobs, and delivers and starts owed runs, within milliseconds. */
export const LATE_MS = 5_000;

/** Some names, in quotes, and how many more there are. */
export function named(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map((name) => JSON.stringify(name));
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}
