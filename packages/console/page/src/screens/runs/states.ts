/** The states of a run that is owed, and those of one that has ended. */
export const LIVE = ['waiting', 'scheduled', 'queued', 'running', 'retrying'] as const;
export const ENDED = ['executed', 'error', 'missed', 'cancelled', 'max_instances'] as const;

export const RUN_EVENTS = [
  'job_submitted',
  'job_started',
  'job_retrying',
  'job_executed',
  'job_error',
  'job_missed',
  'job_max_instances',
  'job_cancelled',
] as const;

export function isLive(state: string): boolean {
  return (LIVE as readonly string[]).includes(state);
}

/** What the address says: a state, `live`, `ended`, or nothing: all. Anything else is taken for nothing. */
export function statesOf(choice: string): string {
  if (choice === 'live') return LIVE.join(',');
  if (choice === 'ended') return ENDED.join(',');
  return [...LIVE, ...ENDED].some((state) => state === choice) ? choice : '';
}
