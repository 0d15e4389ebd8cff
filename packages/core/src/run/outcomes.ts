import type { EventOf } from '../event/events.js';

/** The state of a run that ended with one of these events. An event that ends a run, or one of its fire times, is a row here. */
export const STATE_AFTER = {
  job_executed: 'executed',
  job_error: 'error',
  job_cancelled: 'cancelled',
  job_missed: 'missed',
  job_max_instances: 'max_instances',
} as const;

export type OutcomeType = keyof typeof STATE_AFTER;

/** Reports the outcome of a run, or of one of its fire times. */
export type OutcomeEvent = EventOf<OutcomeType>;

export const OUTCOME_TYPES = Object.keys(STATE_AFTER) as readonly OutcomeType[];

export function isOutcome(event: { readonly type: string }): event is OutcomeEvent {
  return Object.hasOwn(STATE_AFTER, event.type);
}
