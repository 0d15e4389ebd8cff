/** Types of events by what they are about; docs/events.md has them all. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  runs: [
    'job_submitted',
    'job_started',
    'job_executed',
    'job_error',
    'job_retrying',
    'job_cancelled',
    'job_missed',
    'job_max_instances',
  ],
  failures: ['job_error', 'job_missed', 'job_max_instances', 'job_quarantined'],
  jobs: ['job_added', 'job_modified', 'job_paused', 'job_resumed', 'job_removed', 'all_jobs_removed'],
  cluster: [
    'scheduler_started',
    'scheduler_shutdown',
    'scheduler_paused',
    'scheduler_resumed',
    'leader_elected',
    'leader_lost',
    'worker_joined',
    'worker_left',
    'executor_added',
    'executor_removed',
    'jobstore_added',
    'jobstore_removed',
    'jobstore_emptied',
    'job_quarantined',
    'quarantine_removed',
  ],
};

export const TYPES: readonly string[] = [...new Set(Object.values(GROUPS).flat())];

/** What the address says: a group or a type; anything else: all. */
export function typesOf(choice: string): readonly string[] {
  if (TYPES.includes(choice)) return [choice];
  return (Object.hasOwn(GROUPS, choice) && GROUPS[choice]) || [];
}

export function toneOf(type: string): string {
  if (/error|missed|quarantined|emptied/.test(type)) return 'bad';
  if (/retrying|max_instances|paused|_lost|worker_left/.test(type)) return 'warn';
  if (/executed/.test(type)) return 'good';
  return '';
}
